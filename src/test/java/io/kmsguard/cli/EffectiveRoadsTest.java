// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Configuration that reaches Canton on several roads at once. */
class EffectiveRoadsTest {

    private static final String THREE_ROADS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: participant-conf, namespace: sv}
            data:
              additional-config.conf: |
                canton.participants.participant.crypto {
                  provider = kms
                  kms { type = gcp, location-id = us-east1, project-id = of-file, key-ring-id = of-file }
                }
            ---
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
                        - name: JAVA_TOOL_OPTIONS
                          value: >-
                            -Dcanton.participants.participant.crypto.kms.project-id=of-property
                            -Dcanton.participants.participant.crypto.kms.endpoint-override=kms.example
                        - name: ADDITIONAL_CONFIG_KMS
                          value: canton.participants.participant.crypto.kms.key-ring-id = of-env
                      volumeMounts:
                        - {name: conf, mountPath: /app/additional-config.conf, subPath: additional-config.conf}
                  volumes:
                    - {name: conf, configMap: {name: participant-conf}}
            """;

    /** A system property counts where no file sets the key, and env comes behind the file. */
    @Test
    void tells_which_of_a_property_a_file_and_env_wins() {
        Cli.run(THREE_ROADS, Map.of(), Terminals.NONE, "effective")
                .says(
                        0,
                        "# Deployment sv/participant, container participant (participant), from stdin:11",
                        "# Of these the later wins:",
                        "#   1. JAVA_TOOL_OPTIONS (system properties)",
                        "#   2. /app/additional-config.conf (key additional-config.conf of ConfigMap participant-conf)",
                        "#   3. ADDITIONAL_CONFIG_KMS",
                        "canton.participants.participant.crypto {",
                        "  kms {",
                        "    endpoint-override = \"kms.example\"  # JAVA_TOOL_OPTIONS",
                        "    key-ring-id = \"of-env\"  # ADDITIONAL_CONFIG_KMS, line 1; not /app/additional-config.conf",
                        "    location-id = \"us-east1\"  # /app/additional-config.conf, line 3",
                        "    project-id = \"of-file\"  # /app/additional-config.conf, line 3; not JAVA_TOOL_OPTIONS",
                        "    type = \"gcp\"  # /app/additional-config.conf, line 3",
                        "  }",
                        "  provider = \"kms\"  # /app/additional-config.conf, line 2",
                        "}");
    }
}
