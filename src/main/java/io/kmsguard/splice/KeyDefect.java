// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

public record KeyDefect(Half half, String kind, String text, String remedy) {
    public enum Half {
        PUBLIC,
        PRIVATE
    }
}
