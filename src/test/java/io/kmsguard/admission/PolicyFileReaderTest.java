// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.PolicyFile.AuditSettings;
import io.kmsguard.admission.PolicyFile.InjectionSettings;
import io.kmsguard.admission.PolicyFile.Reading;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.KmsDrivers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileReaderTest {

    private static final String HEAD = "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\n";
    private static final String ACTIONS = "; there are deny, warn, audit, off";

    private static Reading read(String text) {
        return PolicyFileReader.read(text, Rules.all());
    }

    private static void refuses(String text, String... problems) {
        assertThat(read(text))
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.problems())
                                .extracting(PolicyFile.Problem::toString)
                                .containsExactly(problems));
    }

    private static void refusesBelowItsHead(String text, String... problems) {
        refuses(HEAD + text, problems);
    }

    @Test
    void defaults() {
        assertThat(read(HEAD)).isEqualTo(new Reading.Read(PolicyFile.DEFAULT));
        assertThat(read(HEAD + "metadata: {name: x}\nrules:\nexceptions:\ninjection: {governanceKey: off}\n"))
                .isEqualTo(new Reading.Read(PolicyFile.DEFAULT));
        assertThat(PolicyFile.DEFAULT)
                .isEqualTo(new PolicyFile(
                        Map.of(),
                        Action.DENY,
                        new InjectionSettings(true, false),
                        SecretNames.DEFAULT,
                        KmsDrivers.NONE,
                        List.of(),
                        new AuditSettings(Optional.of(Duration.ofMinutes(10)), true, true)));
    }

    @Test
    void every_key_as_the_page_shows_it() throws IOException {
        var page = Files.readString(Path.of("docs", "policy.md"));
        var example = page.substring(page.indexOf("```yaml\n") + 8, page.lastIndexOf("```"));
        var until = LocalDate.of(2027, 1, 31);
        assertThat(read(example))
                .isEqualTo(new Reading.Read(new PolicyFile(
                        Map.of(
                                "session-key-lifetime", Action.DENY,
                                "kms-tls-verification", Action.AUDIT,
                                "kms-unsupported-node", Action.OFF),
                        Action.WARN,
                        new InjectionSettings(false, true),
                        new SecretNames(
                                "sv-governance", "pub", "priv", "kms-gcp", "key.json", "kms-aws", "id", "secret"),
                        new KmsDrivers(Map.of("acme-hsm", List.of("endpoint", "hsm.slot"))),
                        List.of(
                                new PolicyException(
                                        "kms-migration",
                                        "sv-test",
                                        Optional.of("participant"),
                                        "jane@example.com",
                                        "the test network is set up anew, ticket 42",
                                        until),
                                new PolicyException(
                                        "kms-config",
                                        "sv-test",
                                        Optional.empty(),
                                        "jane@example.com",
                                        "values are still being filled in",
                                        until)),
                        new AuditSettings(Optional.of(Duration.ofHours(1)), true, false))));
    }

    @Test
    void refuses_what_is_no_policy() {
        refuses("", "line 1: the file is empty; it must hold one GuardPolicy");
        refuses(
                "kind: Policy",
                "line 1: the policy lacks apiVersion (for example apiVersion: kms-guard.io/v1)",
                "line 1: kind is Policy; it must be GuardPolicy");
        refuses(HEAD + "---\nkind: GuardPolicy\n", "line 4: the file holds a second document; a policy is one");
        refusesBelowItsHead("rules: [deny]\n", "line 3: rules must be a mapping (key: value)");
        refusesBelowItsHead("exceptions: {}\n", "line 3: exceptions of the policy must be a list (- …)");
    }

    @Test
    void refuses_words_that_it_does_not_know_with_the_line_and_what_was_meant() {
        refusesBelowItsHead("rule: {}\n", "line 3: unknown key rule in the policy; did you mean rules?");
        refusesBelowItsHead(
                "rules:\n  kms-mod: warn\n  kms-mode: wran\n  kms-config: block\n  duplicate-env:\n",
                "line 4: unknown key kms-mod in rules; did you mean kms-mode?",
                "line 5: kms-mode of rules is wran; did you mean warn?",
                "line 6: kms-config of rules is block" + ACTIONS,
                "line 7: rule duplicate-env has no action" + ACTIONS);
        refusesBelowItsHead("onUnknown: audit\n", "line 3: onUnknown of the policy is audit; there are deny, warn");
        refusesBelowItsHead(
                "secrets:\n  gpc: {}\n  aws: {name: [a]}\n",
                "line 4: unknown key gpc in secrets; did you mean gcp?",
                "line 5: name of aws must be a text");
    }

    @Test
    void refuses_an_injection_that_it_cannot_do() {
        refusesBelowItsHead(
                "injection:\n  governanceKey: add\n  credentials: never\n",
                "line 4: governanceKey of injection is add; there are complete, off",
                "line 5: credentials of injection is never; there are add, off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "\"off\"", "0", "false"})
    void an_audit_can_be_switched_off(String off) {
        assertThat(read(HEAD + "audit: {interval: " + off + "}\n"))
                .isInstanceOfSatisfying(
                        Reading.Read.class,
                        read -> assertThat(read.file().audit())
                                .isEqualTo(new AuditSettings(Optional.empty(), true, true)));
    }

    @Test
    void refuses_an_audit_that_it_cannot_do() {
        var right = "; it must be a duration such as 10m, 30s or longer, or off";
        refusesBelowItsHead(
                "audit:\n  intervall: 10m\n  interval: 10 minutes\n  reports: yes\n  events: flase\n",
                "line 4: unknown key intervall in audit; did you mean interval?",
                "line 5: interval of audit is 10 minutes" + right,
                "line 6: reports of audit is yes; there are true, false",
                "line 7: events of audit is flase; did you mean false?");
        refusesBelowItsHead("audit: {interval: 29s}\n", "line 3: interval of audit is 29s" + right);
        refusesBelowItsHead("audit: {interval: \"-10m\"}\n", "line 3: interval of audit is -10m" + right);
        refusesBelowItsHead("audit: 10m\n", "line 3: audit must be a mapping (key: value)");
    }

    @Test
    void refuses_exceptions_that_are_not_whole() {
        refusesBelowItsHead(
                "exceptions:\n- rule: kms-mode\n  namespace: sv\n",
                "line 4: an exception lacks owner (for example owner: jane@example.com)",
                "line 4: an exception lacks reason (for example reason: restore after a disaster, ticket 42)",
                "line 4: an exception lacks until (for example until: 2027-01-31)");
        refusesBelowItsHead(
                exception("kms-migratoin", "x", "2027-01-31"),
                "line 4: there is no rule kms-migratoin; did you mean kms-migration?");
        refusesBelowItsHead(
                exception("kms-mode", "x", "2027-02-30"),
                "line 9: until is 2027-02-30; it must be a date such as 2027-01-31");
        refusesBelowItsHead(
                exception("kms-mode", "x", "tomorrow"),
                "line 9: until is tomorrow; it must be a date such as 2027-01-31");
    }

    @Test
    void refuses_a_blanket_exception_from_an_irreversible_rule() {
        refusesBelowItsHead(
                exception("kms-migration", "", "2027-01-31"),
                "line 4: an exception from kms-migration must name one object (name: participant): what it lets pass can never"
                        + " be undone");
    }

    @Test
    void refuses_a_name_that_nothing_can_have() {
        var why = "which nothing in Kubernetes can be called: lower-case letters, digits, - and ., without wildcards";
        refusesBelowItsHead(
                exception("kms-mode", "participant-*", "2027-01-31"),
                "line 6: name of an exception is 'participant-*', " + why);
        refusesBelowItsHead(
                exception("kms-mode", "x", "2027-01-31").replace("namespace: sv", "namespace: '*'"),
                "line 5: namespace of an exception is '*', " + why);
    }

    private static String exception(String rule, String name, String until) {
        return "exceptions:\n- rule: " + rule + "\n  namespace: sv\n  name: " + name
                + "\n  owner: jane@example.com\n  reason: r\n  until: " + until + "\n";
    }

    @Test
    void refuses_yaml_that_is_broken_or_hostile() {
        assertThat(read(HEAD + "rules: {")).isInstanceOf(Reading.Refused.class);
        refuses(HEAD + "kind: GuardPolicy\n", "line 3: kind stands twice in the policy");
        var laughs = new StringBuilder(HEAD + "metadata:\n  a: &a [x, x]\n");
        for (var c = 'b'; c < 'p'; c++) {
            laughs.append("  " + c + ": &" + c + " [*" + (char) (c - 1) + ", *" + (char) (c - 1) + "]\n");
        }
        refuses(laughs.toString(), "line 5: aliases (*a) are not taken; write it out");
        refuses(
                HEAD + "metadata: " + "[".repeat(100_000),
                "line 1: this YAML is too large, or nested or repeated too much, to be a policy");
        refuses(
                HEAD + "# " + "x".repeat(1_000_000),
                "line 1: this YAML is too large, or nested or repeated too much, to be a policy");
    }

    @Test
    void refuses_a_driver_whose_settings_it_cannot_tell() {
        refusesBelowItsHead(
                "kmsDrivers:\n  hsm: {identty: [slot]}\n",
                "line 4: unknown key identty in hsm; did you mean identity?",
                "line 4: driver hsm of kmsDrivers lacks identity, the settings of its config that decide where its keys"
                        + " are (for example identity: [endpoint, slot])");
        refusesBelowItsHead(
                "kmsDrivers:\n  hsm:\n    identity: slot\n",
                "line 5: identity of hsm must be a list (- …)",
                "line 5: driver hsm of kmsDrivers lacks identity, the settings of its config that decide where its keys"
                        + " are (for example identity: [endpoint, slot])");
        refusesBelowItsHead(
                "kmsDrivers:\n  hsm:\n    identity:\n    - slot\n    - [a]\n",
                "line 7: each entry of identity in hsm must be a text");
        refusesBelowItsHead(
                "kmsDrivers: {hsm: {identity: [config.slot]}}\n",
                "line 3: identity of driver hsm has config.slot; paths begin below kms.config: write slot");
    }
}
