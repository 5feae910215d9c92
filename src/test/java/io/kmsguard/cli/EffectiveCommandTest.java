// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EffectiveCommandTest {

    private static final String SV_APP = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: sv-app}
            spec:
              template:
                spec:
                  containers:
                    - name: proxy
                      image: envoy:1
                    - name: sv-app
                      image: sv-app:0.7.3
                      env:
                        - name: ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT
                          value: |
                            canton.sv-apps.sv.local-synchronizer-nodes.current {
                              comet-bft-config {
                                enabled = true
                                governance-key.private-key = ${?KEY}
                              }
                            }
                        - name: ADDITIONAL_CONFIG_B
                          value: canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config.enabled = false
                        - name: ADDITIONAL_CONFIG_PERSISTENCE
                          value: canton.sv-apps.sv.storage { user = sv, password = hunter2 }
                        - name: ADDITIONAL_CONFIG_Z
                          valueFrom: {secretKeyRef: {name: more, key: config}}
                        - name: KEY
                          valueFrom: {secretKeyRef: {name: governance, key: private}}
            """;

    private static final String BROKEN = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: participant, namespace: sv}
            spec:
              template:
                spec:
                  containers:
                    - name: participant
                      image: canton-participant:0.7.3
                      env:
                        - name: ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS
                          value: |
                            canton.participants.participant.crypto {
                              provider = kms
                              kms = {
                                endpoint-override = https://kms.example.com
                              }
                            }
            """;

    private static Cli effective(String in, String... args) {
        var all = new java.util.ArrayList<>(java.util.List.of("effective"));
        all.addAll(java.util.List.of(args));
        return Cli.run(in, Map.of(), Terminals.NONE, all.toArray(String[]::new));
    }

    @Test
    void shows_what_canton_reads_and_where_each_key_comes_from() {
        effective(SV_APP, "-n", "sv")
                .says(
                        0,
                        "# Deployment sv/sv-app, container sv-app (sv-app), from stdin:1",
                        "# not seen: ADDITIONAL_CONFIG_Z from key config of Secret more",
                        "# Of these the later wins:",
                        "#   1. ADDITIONAL_CONFIG_B",
                        "#   2. ADDITIONAL_CONFIG_PERSISTENCE",
                        "#   3. ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT",
                        "canton.sv-apps.sv {",
                        "  local-synchronizer-nodes.current.comet-bft-config {",
                        "    enabled = true  # ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT, line 3; not ADDITIONAL_CONFIG_B",
                        "    governance-key.private-key = \"<from Secret governance, key private>\""
                                + "  # ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT, line 4",
                        "  }",
                        "  storage {",
                        "    password = \"<hidden>\"  # ADDITIONAL_CONFIG_PERSISTENCE, line 1",
                        "    user = \"sv\"  # ADDITIONAL_CONFIG_PERSISTENCE, line 1",
                        "  }",
                        "}");
    }

    @Test
    void what_it_shows_is_hocon_that_says_the_same() {
        var shown = effective(SV_APP, "-n", "sv").out();
        var again = SV_APP.substring(0, SV_APP.indexOf("          env:")) + "          env:\n            - name: "
                + "ADDITIONAL_CONFIG_ALL\n              value: |\n"
                + shown.indent(16);
        assertThat(withoutComments(effective(again, "-n", "sv").out())).isEqualTo(withoutComments(shown));
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?m)^#.*\\n|  #.*$", "").replaceAll("<from [^>]*>", "<hidden>");
    }

    @Test
    void shows_nothing_out_of_a_secret_that_is_there_too() {
        var secrets = """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: governance}
                stringData: {private: berlin}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: more}
                stringData: {config: "canton.sv-apps.sv.storage.user = paris"}
                """;
        assertThat(effective(SV_APP + secrets, "-n", "sv").out())
                .contains(
                        "    governance-key.private-key = \"<from Secret governance, key private>\"",
                        "    user = \"<from Secret more, key config>\"  # ADDITIONAL_CONFIG_Z, line 1;"
                                + " not ADDITIONAL_CONFIG_PERSISTENCE\n")
                .doesNotContain("berlin", "paris", "not seen");
    }

    @Test
    void says_it_to_machines() {
        effective(SV_APP, "-n", "sv", "-o", "json")
                .says(
                        0,
                        "{",
                        "  \"apiVersion\": \"kms-guard.io/v1\",",
                        "  \"kind\": \"EffectiveConfig\",",
                        "  \"containers\": [",
                        "    {",
                        OF_SV_APP,
                        "      \"misread\": [],",
                        "      \"unseen\": [",
                        "        \"ADDITIONAL_CONFIG_Z from key config of Secret more\"",
                        "      ],",
                        roads(
                                "ADDITIONAL_CONFIG_B",
                                "ADDITIONAL_CONFIG_PERSISTENCE",
                                "ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT"),
                        "      \"entries\": [",
                        entry("canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config.enabled", "true", 3)
                                + ",",
                        entry(
                                        "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config.governance-key.private-key",
                                        "\"<from Secret governance, key private>\"",
                                        4)
                                + ",",
                        entry("canton.sv-apps.sv.storage.password", "\"<hidden>\"", 1) + ",",
                        entry("canton.sv-apps.sv.storage.user", "\"sv\"", 1),
                        "      ]",
                        "    }",
                        "  ],",
                        "  \"errors\": []",
                        "}");
    }

    private static String entry(String path, String value, int line) {
        var env = path.contains("storage") ? "ADDITIONAL_CONFIG_PERSISTENCE" : "ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT";
        return String.join(
                "\n",
                "        {",
                "          \"path\": \"" + path + "\",",
                "          \"value\": " + value + ",",
                "          \"env\": \"" + env + "\",",
                "          \"line\": " + line + ",",
                path.endsWith(".enabled")
                        ? "          \"over\": [\n            \"ADDITIONAL_CONFIG_B\"\n          ]"
                        : "          \"over\": []",
                "        }");
    }

    private static final String OF_SV_APP = """
                  "source": {
                    "file": "-",
                    "line": 1
                  },
                  "kind": "Deployment",
                  "namespace": "sv",
                  "name": "sv-app",
                  "container": "sv-app",
                  "roles": [
                    "sv-app"
                  ],\
            """.indent(0).stripTrailing();

    private static String roads(String... names) {
        return Stream.of(names)
                .map(name -> "        {\n          \"kind\": \"env\",\n          \"name\": \"" + name
                        + "\",\n          \"source\": \"\"\n        }")
                .collect(Collectors.joining(",\n", "      \"roads\": [\n", "\n      ],"));
    }

    @Test
    void says_what_canton_would_say_in_the_words_of_check() {
        var why =
                "Canton cannot read env ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS: endpoint-override is"
                        + " a URL without quotes (line 4: Expecting close brace } or a comma, got ':')";
        effective(BROKEN, "-")
                .says(2, "# Deployment sv/participant, container participant (participant), from stdin:1", "# " + why);
        assertThat(Cli.checkText(BROKEN).out()).contains("container participant: " + why + ".");
        assertThat(effective(BROKEN, "-o", "json").out()).contains("\"unreadable\": \"" + why + "\"");
    }

    @Test
    void shows_each_container_and_the_trouble_that_there_was() {
        var plain = BROKEN.substring(0, BROKEN.indexOf("          env:"));
        effective(plain + "---\n" + plain.replace("name: participant,", "name: other,") + "---\na: [\n", "-")
                .says(
                        2,
                        "# Deployment sv/participant, container participant (participant), from stdin:1",
                        "# Its env vars configure nothing.",
                        "",
                        "# Deployment sv/other, container participant (participant), from stdin:11",
                        "# Its env vars configure nothing.",
                        "# error: stdin:22: it ends too early, within something that was opened before");
    }

    @Test
    void says_when_there_is_nothing_to_show() {
        effective("apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n", "-")
                .says(0, "# Nothing to show: no container of Splice.");
        var cli = effective("", "absent.yaml");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out())
                .isEqualTo("# Nothing to show: no container of Splice.\n# error: absent.yaml: there is no such file\n");
    }

    @Test
    void waits_for_no_terminal() {
        var cli = Cli.run("", Map.of(), new Terminals(true, false, false), "effective");
        assertThat(cli)
                .isEqualTo(
                        new Cli(
                                2,
                                "",
                                "kms-guard: name files or folders, or - for standard input\nTry: kms-guard effective --help\n"));
    }
}
