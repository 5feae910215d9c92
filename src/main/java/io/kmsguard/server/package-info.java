// SPDX-License-Identifier: Apache-2.0
/** The HTTPS side: routes, TLS and its certificates, readiness, metrics and the drain. What a review means is not known here. */
@NullMarked
package io.kmsguard.server;

import org.jspecify.annotations.NullMarked;
