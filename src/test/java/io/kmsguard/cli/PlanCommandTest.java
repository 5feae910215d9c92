// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {

    private static final String PARTICIPANT = Cli.fixture("participant.yaml");
    private static final String WITHOUT_KMS = Cli.fixture("participant-without-kms.yaml");
    private static final String SV = Cli.fixture("sv-with-flag.yaml");

    private static final String[] FRESH_SV = {
        "Deployment sv/participant  src/test/resources/check/participant.yaml:28  kms-migration",
        "  container participant: this update moves a participant that has keys of its own to GCP KMS (project"
                + " acme-canton-test, location us-east1, key ring sv-1), and the root key of a participant can never be"
                + " replaced.",
        "",
        "If it was not meant:",
        "  leave kms out of the values; a KMS needs a fresh SV on a fresh participant, and the old SV is offboarded"
                + " (kms-guard plan tells how)",
        "",
        "If it is meant, no way takes the identity along. The documented way is a fresh SV beside the old one (Splice"
                + " documentation, \"Security Hardening\" of SVs, section \"Migrating an existing SV to use an external"
                + " KMS for participant keys\"):",
        "  1. [you] Leave what runs as it is: Deployment sv/participant (Helm release participant), Deployment"
                + " sv/sv-app keep the values of their running revision until they are retired in the last step.",
        "  2. [you] Prepare a fresh participant: a namespace of its own (sv-new below; any name will do), an empty"
                + " database of its own (persistence.databaseName and"
                + " persistence.enableParticipantDbConflictCheck: false of splice-participant 0.7.3; not database cantonnet, schema public, at"
                + " participant-pg.sv:5432), kms values for GCP KMS (project acme-canton-test, location us-east1, key"
                + " ring sv-1) and the credentials for it.",
        "       kubectl create namespace sv-new",
        "  3. [you] Prepare an SV name and an SV identity of its own, and a CometBFT node identity of its own: the old"
                + " SV stays onboarded meanwhile, and no two SVs can have the same.",
        "  4. [you] Make its governance key, and set synchronizers.current.cometBFT.externalGovernanceKey: true in"
                + " the values of splice-sv-node 0.7.3.",
        "       kms-guard keys generate -n sv-new | kubectl apply -f -",
        "  5. [you] See what the guard says of the rendered charts, all together.",
        "       kms-guard check -n sv-new rendered/",
        "  6. [you] Install into sv-new in this order: the participant, then sequencer and mediator, then the SV app"
                + " and the validator app.",
        "  7. [you and the other SV operators] Onboard the fresh SV with weight 0: they approve its SV identity.",
        "  8. [you and the other SV operators] Move the weight of the old SV to the fresh one, by a vote \"Update SV"
                + " Reward Weight\" for each (SV web UI, Governance). Adjust extraBeneficiaries before it takes effect,"
                + " and the approved SV identities in the network's configs repository after it.",
        "  9. [you] Transfer all relevant assets from the old SV to the fresh one, or to a validator.",
        " 10. [you and the other SV operators] Offboard the old SV.",
        " 11. [you] Retire the old SV, its other releases too (sequencer, mediator, CometBFT and the like where it"
                + " has them).",
        "       helm -n sv uninstall participant",
        "",
        "The guard sees manifests. It judges what is installed in these 11 steps; onboarding, weight, assets and"
                + " offboarding it can neither do nor see.",
        "",
    };

    @TempDir
    Path folder;

    private static Cli plan(String... args) {
        var all = new ArrayList<>(List.of("plan"));
        all.addAll(List.of(args));
        return Cli.run(all.toArray(String[]::new));
    }

    private String written(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static String validatorApp() throws IOException {
        return text(SV).replace("sv-app", "validator-app")
                .replace("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS")
                .replaceAll("(?s)            - name: ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT.*", "");
    }

    /** Who does each step, and its commands. */
    private static List<String> steps(Cli cli) {
        return cli.out()
                .lines()
                .filter(line -> line.matches(" *\\d+\\. \\[.*") || line.startsWith("       "))
                .map(line -> line.replaceFirst("] .*", "]").strip())
                .toList();
    }

    @Test
    void a_fresh_sv_for_a_participant_that_is_to_leave_its_own_keys() {
        var cli = plan("--old", WITHOUT_KMS, "--old", SV, PARTICIPANT);
        cli.says(1, FRESH_SV);
    }

    @Test
    void names_the_release_that_the_charts_write_into_their_labels() throws IOException {
        var running = written(
                "sv.yaml", text(SV).replace("app: sv-app\n", "app: sv-app\n        app.kubernetes.io/instance: sv\n"));
        assertThat(plan("--old", WITHOUT_KMS, "--old", running, PARTICIPANT).out())
                .contains("Deployment sv/sv-app (Helm release sv) keep", "       helm -n sv uninstall sv\n");
    }

    @Test
    void a_fresh_validator_where_no_sv_app_runs_on_the_participant() throws IOException {
        var cli = plan("--old", WITHOUT_KMS, "--old", written("validator.yaml", validatorApp()), PARTICIPANT);
        assertThat(cli.out())
                .contains(
                        "The documented way is a fresh validator beside the old one (Splice documentation, \"Security"
                                + " Hardening\" of validators, section \"Migrating an existing validator to use an external KMS\"):",
                        "Install into sv-new: the participant, then the validator app.")
                .doesNotContain("keys generate", "weight 0");
        assertThat(steps(cli))
                .containsExactly(
                        "1. [you]",
                        "2. [you]",
                        "kubectl create namespace sv-new",
                        "3. [you]",
                        "kms-guard check -n sv-new rendered/",
                        "4. [you]",
                        "5. [you]",
                        "6. [you]",
                        "helm -n sv uninstall participant");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void needs_no_governance_key_where_the_new_participant_is_on_no_kms() {
        var cli = plan("--old", PARTICIPANT, "--old", SV, WITHOUT_KMS);
        assertThat(cli.out())
                .contains(
                        "If it was not meant:\n  pass every values file again, with the kms section",
                        ", no kms values.\n")
                .doesNotContain("keys generate");
    }

    @Test
    void names_the_old_participant_of_an_sv_that_is_pointed_at_another_one() throws IOException {
        var next = written(
                "next.yaml",
                text(PARTICIPANT)
                                .replace("name: participant\n  namespace", "name: participant-1\n  namespace")
                                .replace("app: participant", "app: participant-1")
                                .replace("key-ring-id = sv-1", "key-ring-id = sv-2")
                                .replace(
                                        "POSTGRES_SERVER\n              value: participant-pg",
                                        "POSTGRES_SERVER\n              value: other")
                        + "---\n" + text(SV).replace("value: participant\n", "value: participant-1\n"));
        var cli = plan("--old", PARTICIPANT, "--old", SV, next);
        assertThat(cli.out())
                .startsWith("Deployment sv/sv-app  ")
                .contains(
                        "Leave what runs as it is: Deployment sv/participant (Helm release participant), Deployment sv/sv-app"
                                + " keep",
                        "kms values for GCP KMS (project acme-canton-test, location us-east1, key ring sv-2)",
                        "       helm -n sv uninstall participant\n");
    }

    @Test
    void names_the_participant_that_has_had_the_database() throws IOException {
        var other = written(
                "other.yaml",
                text(WITHOUT_KMS)
                        .replace("name: participant\n", "name: other\n")
                        .replace("app: participant", "app: other"));
        var cli = plan("--old", PARTICIPANT, "--old", SV, other);
        assertThat(cli.out())
                .startsWith("Deployment sv/other  " + other + ":")
                .contains(
                        "  kms-identity-reuse\n",
                        "Leave what runs as it is: Deployment sv/participant (Helm release participant), Deployment sv/sv-app"
                                + " keep",
                        "       helm -n sv uninstall participant\n")
                .doesNotContain("uninstall other");
    }

    @Test
    void says_so_where_no_app_of_the_participant_is_in_the_input() {
        assertThat(plan("--old", WITHOUT_KMS, PARTICIPANT).out())
                .endsWith(
                        " No app on this participant is in the input; give its manifests too (--old), and the plan names"
                                + " it.\n\n");
    }

    @Test
    void what_can_be_mended_is_listed_in_the_order_of_the_guide() throws IOException {
        var broken = written(
                "participant.yaml", text(PARTICIPANT).replace("location-id = us-east1", "location-id = LOCATION_ID"));
        var cli = plan(SV, Cli.fixture("secret-as-the-guide-makes-it.yaml"), broken);
        assertThat(cli.out()
                        .lines()
                        .map(line -> line.replaceFirst("(  [12]\\. Fix: [^ ]+ [^ ]+).*", "$1")
                                .replaceFirst("^( {5}[a-z-]+: (Deployment|Secret) [^:]+).*", "$1"))
                        .toList())
                .containsExactly(
                        "Mend, in this order:",
                        "  1. Fix: write the",
                        "     kms-config: Deployment sv/participant",
                        "  2. Fix: make it",
                        "     governance-key-secret: Secret sv/splice-app-sv-cometbft-governance-key",
                        "     governance-key-secret: Deployment sv/sv-app",
                        "",
                        "Then see what is left: kms-guard check");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void plans_nothing_where_nothing_is_denied() {
        plan(PARTICIPANT)
                .says(
                        0,
                        "Nothing is denied here, so there is nothing to plan. 1 judged, 1 with warnings; kms-guard check"
                                + " tells them.");
    }

    @Test
    void does_not_plan_a_way_out_of_what_could_not_be_told() throws IOException {
        var unread = written(
                "unread.yaml",
                text(PARTICIPANT).replace("type = gcp", "type = ").replace("provider = kms", "provider = kms }}"));
        var cli = plan("--old", PARTICIPANT, unread);
        assertThat(cli.out())
                .startsWith("Mend, in this order:\n")
                .contains("kms-migration: Deployment sv/participant: ")
                .doesNotContain("fresh SV beside");
    }

    @Test
    void says_what_it_cannot_read() {
        var cli = plan("absent.yaml");
        assertThat(cli.out()).startsWith("error  absent.yaml: there is no such file.\n");
        assertThat(cli.exitCode()).isEqualTo(2);
        var twice = Cli.run("", Map.of(), Terminals.NONE, "plan", "-", "--old", "-");
        assertThat(twice.err()).startsWith("kms-guard: standard input can be the old or the new state, not both\n");
        assertThat(plan(PARTICIPANT, "--policy", "absent.yaml").err())
                .isEqualTo("kms-guard: absent.yaml: there is no such file\n");
        assertThat(plan().exitCode()).isEqualTo(2);
    }
}
