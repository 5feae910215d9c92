// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a private key stands in the input, no report quotes it, in no encoding. */
class SecretsInReportsTest {

    static LongStream seeds() {
        var replay = Long.getLong("seed");
        return replay == null ? LongStream.range(0, 60) : LongStream.of(replay);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> forms(byte[] key) {
        var text = base64(key);
        return List.of(
                text,
                base64(text),
                base64(base64(text)),
                Base64.getUrlEncoder().withoutPadding().encodeToString(key),
                HexFormat.of().formatHex(key),
                HexFormat.of().withUpperCase().formatHex(key),
                "-----BEGIN PRIVATE KEY-----" + text);
    }

    /** Places where an operator may have put a key, rightly or by mistake. */
    private static final List<String> PLACES = List.of(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: splice-app-sv-cometbft-governance-key, namespace: sv}
            stringData: {public: "KEY", private: "KEY"}
            """,
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: splice-app-sv-cometbft-governance-key, namespace: sv}
            data: {public: "KEY", private: "KEY", privateKey: "KEY"}
            """,
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: splice-app-sv-cometbft-governance-key, namespace: sv}
            data: {public: [KEY], private: {KEY: KEY}
            """,
            "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: *KEY}\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: !KEY!x b}\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  a: KEY: b\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"stringData\": {\"a\": \"KEY\", b KEY}}",
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"stringData\": KEY \"b\"",
            "KEY",
            "- KEY",
            "password: KEY\n",
            sv("env: [{name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY, value: \"KEY\"}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.sv-apps.sv.local-synchronizer-nodes.current"
                    + ".comet-bft-config { enabled = true, governance-key { public-key = \"KEY\","
                    + " private-key = \"KEY\" } }'}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.sv-apps.sv.x { private-key = KEY: KEY, b ='}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.participants.participant.crypto { provider = kms,"
                    + " kms { type = driver, name = x, config { password = \"KEY\" # KEY } } }'}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.participants.p.storage.config.properties"
                    + ".password = KEY } KEY'}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.participants.p.crypto.kms.region = ${KEY}'}]"),
            sv("env: [{name: ADDITIONAL_CONFIG_X, value: 'canton.sv-apps.sv { a = [KEY, {b = \"x KEY\"}],"
                    + " \"KEY\" = 1, c = \"https://u:KEY@h\" }'}]"),
            sv(
                    "env: [{name: A, valueFrom: {secretKeyRef: {name: splice-app-sv-cometbft-governance-key, key: private}}},"
                            + " {name: ADDITIONAL_CONFIG_X, value: 'canton.sv-apps.sv { a = $(A), b = ${A}, $(A) = 1 }'}]"),
            sv("envFrom: [{secretRef: {name: splice-app-sv-cometbft-governance-key}}]"),
            sv("env: \"KEY\""),
            sv("env: [{name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, valueFrom: \"KEY\"}, \"KEY\"]"));

    private static String sv(String env) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: sv}
                spec:
                  template:
                    spec:
                      containers:
                        - name: sv-app
                          image: sv-app:0.7.3
                          %s
                """.formatted(env);
    }

    private static final List<List<String>> COMMANDS = List.of(
            List.of("check", "-n", "sv", "-o", "text"),
            List.of("check", "-n", "sv", "-o", "json"),
            List.of("check", "-n", "sv", "-o", "sarif"),
            List.of("check", "-n", "sv", "-o", "junit"),
            List.of("audit", "-n", "sv", "-o", "html", "-"),
            List.of("effective", "-n", "sv", "-o", "text"),
            List.of("effective", "-n", "sv", "-o", "json"),
            List.of("explain", "-n", "sv", "-"),
            List.of("plan", "-n", "sv", "-"),
            List.of("keys", "verify", "-n", "sv", "-"),
            List.of("keys", "secret", "-n", "sv", "--name", "absent", "-"));

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void quotes_no_private_key(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var key = new byte[32];
        random.nextBytes(key);
        var forms = forms(key);
        var written = forms.get(random.nextInt(forms.size()));
        var documents = new ArrayList<String>();
        PLACES.forEach(place -> documents.add(place.replace("KEY", written)));
        for (var input : List.of(String.join("\n---\n", documents), documents.get(random.nextInt(documents.size())))) {
            for (var command : COMMANDS) {
                var cli =
                        Cli.run(input, Map.of("KMS_GUARD_DEBUG", "1"), Terminals.NONE, command.toArray(String[]::new));
                assertThat(cli.out() + cli.err()).isNotEmpty();
                forms.forEach(form -> assertThat(cli.out() + cli.err())
                        .doesNotContain(form.substring(0, 20))
                        .doesNotContain(form.substring(form.length() - 20)));
            }
        }
        // What inject prints is the manifests, with whatever they hold; what it says of them is another matter.
        var said = Cli.run(
                        String.join("\n---\n", documents),
                        Map.of("KMS_GUARD_DEBUG", "1"),
                        Terminals.NONE,
                        "inject",
                        "--check")
                .err();
        assertThat(said).isNotEmpty();
        forms.forEach(form -> assertThat(said)
                .doesNotContain(form.substring(0, 20))
                .doesNotContain(form.substring(form.length() - 20)));
    }
}
