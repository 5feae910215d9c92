// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/**
 * A container image reference, taken apart: {@code registry:5000/path/name:tag@sha256:…}.
 *
 * @param name the last segment of the path, without tag and digest; empty where the reference is
 * @param tag the tag, if there is one
 */
public record Image(String name, Optional<String> tag) {

    /** Canton counts its own releases from 2 on, and images of its own are tagged with those. */
    private static final int CANTON = 2;

    /** The release of Splice that it is tagged with; none for a branch, {@code latest}, or a release of Canton. */
    public Optional<SpliceVersion> release() {
        return tag.flatMap(SpliceVersion::parse).filter(version -> version.major() < CANTON);
    }

    /** Takes a reference apart. Never fails: what is no reference has an odd name. */
    public static Image parse(String reference) {
        var at = reference.indexOf('@');
        var named = at < 0 ? reference : reference.substring(0, at);
        // A colon before the last slash belongs to the registry's port.
        var last = named.substring(named.lastIndexOf('/') + 1);
        var colon = last.indexOf(':');
        return colon < 0
                ? new Image(last, Optional.empty())
                : new Image(last.substring(0, colon), Optional.of(last.substring(colon + 1)));
    }
}
