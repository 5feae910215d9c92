// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.AdditionalConfig;
import io.kmsguard.splice.ConfigProblem;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Configuration that Canton refuses or reads otherwise than it was meant: text that is no HOCON, a value that is cut, an
 * env var that the image's shell does not see, unknown or missing fields, placeholders. Canton refuses unknown keys and
 * would crash-loop (Canton documentation; splice-participant renders {@code kms} values unquoted).
 */
final class KmsConfiguration implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("kms-config", RuleClass.BROKEN, "configuration that Canton refuses or misreads");

    private static final String QUOTES =
            "the chart writes kms values unquoted: quote the value inside the value, as in endpointOverride: '\"https://…\"'";

    /** How charts before {@link Novelty#NESTED_KMS_VALUES} render a nested value. */
    private static final String GO_TEXT = "map[";

    private static final String NESTED =
            "write nested values as HOCON into an ADDITIONAL_CONFIG env var (additionalEnvVars),"
                    + " or use splice-participant "
                    + Releases.since(Novelty.NESTED_KMS_VALUES) + " or later, which renders them";

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers().stream()
                        .filter(container -> container.is(Role.PARTICIPANT) || container.is(Role.SV_APP))
                        .forEach(container -> {
                            unreadable(container, findings);
                            DecisiveSettings.find(subject.drivers(), container)
                                    .forEach(problem -> findings.add(
                                            finding(container, problem).on(Ground.NOTICE)));
                            ParticipantClients.find(INFO, workload.ref().namespace(), container)
                                    .ifPresent(findings::add);
                            problems(container.config()).forEach(problem -> findings.add(finding(container, problem)));
                            container
                                    .config()
                                    .untold()
                                    .forEach(problem -> findings.add(
                                            finding(container, problem).on(Ground.UNKNOWN)));
                            if (findings.isEmpty()) {
                                UnreadConfiguration.find(INFO, subject, container)
                                        .ifPresent(findings::add);
                            }
                        }));
        return findings;
    }

    private static void unreadable(Container container, List<Finding> findings) {
        container.config().problem().ifPresent(problem -> {
            var culprit = container.config().culprit();
            var fix = culprit.filter(variable -> variable.name().contains("CRYPTO_PROVIDER_KMS"))
                    .map(variable -> problem.contains(GO_TEXT) ? NESTED : QUOTES)
                    .orElse("correct it; kms-guard check shows the line");
            findings.add(Finding.seen(
                    INFO,
                    container.name() + " text",
                    "container " + container.name() + ": "
                            + container.config().unreadable().orElse(""),
                    fix,
                    culprit.map(EnvVar::path).orElse(container.path() + "/env")));
        });
    }

    private static List<ConfigProblem> problems(AdditionalConfig config) {
        return Stream.concat(
                        config.problems().stream(),
                        config.cryptos().stream()
                                .filter(crypto -> crypto.role() == Role.PARTICIPANT)
                                .map(CryptoConfig::problems)
                                .flatMap(List::stream))
                .toList();
    }

    private static Finding finding(Container container, ConfigProblem problem) {
        var finding = Finding.seen(
                INFO,
                container.name() + " " + problem.key(),
                "container " + container.name() + ": " + problem.key() + " " + problem.text(),
                problem.remedy(),
                container.path() + "/env");
        return problem.doubtful() ? finding.as(RuleClass.ADVISABLE) : finding;
    }
}
