// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.PolicyFile.AuditSettings;
import io.kmsguard.admission.PolicyFile.InjectionSettings;
import io.kmsguard.admission.PolicyFile.Problem;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.KubernetesNames;
import io.kmsguard.splice.Suggestion;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a policy file. What is wrong is told all at once, and a file with anything wrong in it is not used. */
public final class PolicyFileReader {

    private static final List<String> KEYS = List.of(
            "apiVersion",
            "kind",
            "metadata",
            "rules",
            "onUnknown",
            "injection",
            "secrets",
            "kmsDrivers",
            "exceptions",
            "audit");
    private static final List<String> ACTIONS = List.of("deny", "warn", "audit", "off");

    /** Helm makes false of an off without quotes. */
    private static final List<String> OFF = List.of("off", "0", "false");

    private static final List<String> SWITCH = List.of("true", "false");
    private static final List<String> EXCEPTION = List.of("rule", "namespace", "name", "owner", "reason", "until");

    /** Settings of a driver stand below it, and are named without it. */
    private static final String CONFIG = "config.";

    private final Map<String, RuleClass> rules = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private PolicyFileReader(List<Rule> rules) {
        rules.forEach(rule -> this.rules.put(rule.info().id(), rule.info().ruleClass()));
    }

    /**
     * Reads a file.
     *
     * @param rules the rules that it may name
     */
    public static PolicyFile.Reading read(String text, List<Rule> rules) {
        return new PolicyFileReader(rules).read(text);
    }

    private PolicyFile.Reading read(String text) {
        var file = new StrictYaml("GuardPolicy", "a policy")
                .read(text, KEYS, problems)
                .map(this::file);
        problems.sort(Comparator.comparingInt(Problem::line));
        return problems.isEmpty()
                ? new PolicyFile.Reading.Read(file.orElse(PolicyFile.DEFAULT))
                : new PolicyFile.Reading.Refused(List.copyOf(problems));
    }

    private PolicyFile file(StrictMapping top) {
        return new PolicyFile(
                actions(top.mapping("rules")),
                top.word("onUnknown", List.of("deny", "warn"))
                        .flatMap(Action::of)
                        .orElse(Action.DENY),
                injection(top.mapping("injection")),
                secrets(top.mapping("secrets")),
                drivers(top.mapping("kmsDrivers")),
                exceptions(top.mappings("exceptions", "an exception")),
                audit(top.mapping("audit")));
    }

    private Map<String, Action> actions(StrictMapping chosen) {
        chosen.only(List.copyOf(rules.keySet()));
        var actions = new LinkedHashMap<String, Action>();
        for (var id : chosen.keys()) {
            var action = chosen.word(id, ACTIONS).flatMap(Action::of);
            if (action.isEmpty() && chosen.text(id).isEmpty()) {
                chosen.problem(id, "rule " + id + " has no action" + Suggestion.hint("", ACTIONS));
            }
            action.ifPresent(a -> actions.put(id, a));
        }
        return Map.copyOf(actions);
    }

    private static InjectionSettings injection(StrictMapping chosen) {
        chosen.only(List.of("credentials", "governanceKey"));
        var credentials = chosen.word("credentials", List.of("add", "off"));
        var governanceKey = chosen.word("governanceKey", List.of("complete", "off"));
        return new InjectionSettings(
                !credentials.equals(Optional.of("off")), governanceKey.equals(Optional.of("complete")));
    }

    private static SecretNames secrets(StrictMapping chosen) {
        chosen.only(List.of("governanceKey", "gcp", "aws"));
        var governance = chosen.mapping("governanceKey").only(List.of("name", "publicKey", "privateKey"));
        var gcp = chosen.mapping("gcp").only(List.of("name", "key"));
        var aws = chosen.mapping("aws").only(List.of("name", "accessKeyId", "secretAccessKey"));
        List.of(governance, gcp, aws).forEach(secret -> secret.isName("name", KubernetesNames::isSubdomain));
        var usual = SecretNames.DEFAULT;
        return new SecretNames(
                governance.text("name").orElse(usual.governance()),
                governance.text("publicKey").orElse(usual.publicKey()),
                governance.text("privateKey").orElse(usual.privateKey()),
                gcp.text("name").orElse(usual.gcp()),
                gcp.text("key").orElse(usual.gcpKey()),
                aws.text("name").orElse(usual.aws()),
                aws.text("accessKeyId").orElse(usual.awsAccessKeyId()),
                aws.text("secretAccessKey").orElse(usual.awsSecretAccessKey()));
    }

    private static KmsDrivers drivers(StrictMapping chosen) {
        var identity = new TreeMap<String, List<String>>();
        for (var name : chosen.keys()) {
            var driver = chosen.mapping(name).only(List.of("identity"));
            var paths = driver.texts("identity");
            if (paths.isEmpty()) {
                chosen.problem(
                        name,
                        "driver " + name + " of kmsDrivers lacks identity, the settings of its config that decide where"
                                + " its keys are (for example identity: [endpoint, slot])");
            }
            for (var path : paths) {
                if (path.startsWith(CONFIG)) {
                    driver.problem(
                            "identity",
                            "identity of driver " + name + " has " + path + "; paths begin below kms.config: write "
                                    + path.substring(CONFIG.length()));
                }
            }
            identity.put(name, List.copyOf(paths));
        }
        return new KmsDrivers(Map.copyOf(identity));
    }

    private List<PolicyException> exceptions(List<StrictMapping> entries) {
        var exceptions = new ArrayList<PolicyException>();
        for (var entry : entries) {
            entry.only(EXCEPTION);
            var rule = entry.required("rule", "governance-key-flag");
            var name = entry.text("name");
            if (!rule.isEmpty() && !rules.containsKey(rule)) {
                entry.problem("rule", "there is no rule " + rule + Suggestion.hint(rule, rules.keySet()));
            }
            if (rules.get(rule) == RuleClass.IRREVERSIBLE && name.isEmpty()) {
                entry.problem(
                        "rule",
                        "an exception from " + rule
                                + " must name one object (name: participant): what it lets pass can never be undone");
            }
            entry.isName("namespace", KubernetesNames::isLabel);
            entry.isName("name", KubernetesNames::isSubdomain);
            exceptions.add(new PolicyException(
                    rule,
                    entry.required("namespace", "sv"),
                    name,
                    entry.required("owner", "jane@example.com"),
                    entry.required("reason", "restore after a disaster, ticket 42"),
                    until(entry)));
        }
        return List.copyOf(exceptions);
    }

    private static LocalDate until(StrictMapping entry) {
        var text = entry.required("until", "2027-01-31");
        try {
            return text.isEmpty() ? LocalDate.EPOCH : LocalDate.parse(text);
        } catch (DateTimeParseException noDate) {
            entry.problem("until", "until is " + text + "; it must be a date such as 2027-01-31");
            return LocalDate.EPOCH;
        }
    }

    private static AuditSettings audit(StrictMapping chosen) {
        chosen.only(List.of("interval", "reports", "events"));
        return new AuditSettings(
                interval(chosen),
                !chosen.word("reports", SWITCH).equals(Optional.of("false")),
                !chosen.word("events", SWITCH).equals(Optional.of("false")));
    }

    private static Optional<Duration> interval(StrictMapping chosen) {
        var text = chosen.text("interval");
        if (text.isEmpty()) {
            return AuditSettings.DEFAULT.interval();
        }
        if (OFF.contains(text.get())) {
            return Optional.empty();
        }
        var interval = GoDuration.parse(text.get()).filter(it -> it.compareTo(AuditSettings.SHORTEST) >= 0);
        if (interval.isEmpty()) {
            chosen.problem(
                    "interval",
                    "interval of audit is " + text.get() + "; it must be a duration such as 10m, "
                            + GoDuration.format(AuditSettings.SHORTEST) + " or longer, or off");
        }
        return interval;
    }
}
