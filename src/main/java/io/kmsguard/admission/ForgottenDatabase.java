// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.splice.ParticipantDatabase;
import java.time.LocalDate;

/**
 * A database whose entry a person has taken out of the memory. It is written down, since an entry that is merely missing was lost and is
 * put back.
 *
 * @param namespace of the workload where the database is not told; else empty
 * @param by who that was
 */
public record ForgottenDatabase(ParticipantDatabase database, String namespace, LocalDate day, String by) {}
