// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.KmsState;
import io.kmsguard.splice.ConfigProblem;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.Suggestion;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of {@link KmsConfiguration} that looks for settings of a KMS driver which the policy names and the driver does not have. A
 * slip there would take a setting out of the comparison, and nobody would notice.
 */
final class DecisiveSettings {

    private DecisiveSettings() {}

    static List<ConfigProblem> find(KmsDrivers drivers, Container container) {
        var problems = new ArrayList<ConfigProblem>();
        for (var kms : KmsState.of(container).kms()) {
            if (kms instanceof KmsConfig.Driver driver) {
                for (var name : drivers.absent(driver)) {
                    problems.add(new ConfigProblem(
                            "kms.config." + name,
                            "is missing, and kmsDrivers." + driver.name() + ".identity of the policy names it",
                            "name settings that are there" + Suggestion.hint(name, KmsDrivers.names(driver))));
                }
            }
        }
        return problems;
    }
}
