// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.Diagnosis.Level;
import java.util.List;
import java.util.Locale;

/** What doctor says, for a person or a machine. */
final class DoctorReport {

    private DoctorReport() {}

    private static long count(List<Diagnosis> diagnoses, Level level) {
        return diagnoses.stream().filter(each -> each.level() == level).count();
    }

    /** One line each, and the way out below. */
    static void text(List<Diagnosis> diagnoses, Session session) {
        for (var each : diagnoses) {
            session.out().printf(Locale.ROOT, "%-12s %-13s %s%n", each.level().text(), each.check(), each.message());
            if (!each.fix().isEmpty()) {
                session.out().printf(Locale.ROOT, "%-26s Fix: %s%n", "", each.fix());
            }
        }
        session.out()
                .printf(
                        Locale.ROOT,
                        "%n%d ok, %d to look at, %d bad, %d that nobody could tell.%n",
                        count(diagnoses, Level.OK),
                        count(diagnoses, Level.WARN),
                        count(diagnoses, Level.BAD),
                        count(diagnoses, Level.CANNOT_TELL));
    }

    static void json(List<Diagnosis> diagnoses, Session session) {
        var root = PrettyJson.object();
        root.put("apiVersion", "kms-guard.io/v1").put("kind", "DoctorReport");
        root.putObject("summary")
                .put("ok", count(diagnoses, Level.OK))
                .put("warn", count(diagnoses, Level.WARN))
                .put("bad", count(diagnoses, Level.BAD))
                .put("cannotTell", count(diagnoses, Level.CANNOT_TELL));
        var checks = root.putArray("checks");
        for (var each : diagnoses) {
            checks.addObject()
                    .put("check", each.check())
                    .put(
                            "level",
                            each.level() == Level.CANNOT_TELL
                                    ? "cannotTell"
                                    : each.level().text())
                    .put("message", each.message())
                    .put("fix", each.fix());
        }
        session.out().println(PrettyJson.text(root));
    }
}
