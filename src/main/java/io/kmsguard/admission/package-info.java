// SPDX-License-Identifier: Apache-2.0
/** AdmissionReview in, AdmissionReview out, and the facts in between. */
@NullMarked
package io.kmsguard.admission;

import org.jspecify.annotations.NullMarked;
