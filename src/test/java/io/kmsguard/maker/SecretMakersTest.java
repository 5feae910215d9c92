// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SecretMakersTest {

    private static JsonNode object(String apiVersion, String kind, String spec) {
        return JsonMapper.shared()
                .valueToTree(new Yaml()
                        .load("{apiVersion: " + apiVersion + ", kind: " + kind
                                + ", metadata: {name: self, namespace: sv}, spec: " + spec + "}"));
    }

    /** {@code namespace/name keys}; {@code ?} for keys that nobody can tell, {@code +} where what is not there is not made. */
    private static List<String> made(String apiVersion, String kind, String spec) {
        return SecretMakers.read(object(apiVersion, kind, spec), "default").stream()
                .map(one -> one.secret().namespace() + "/" + one.secret().name() + " "
                        + one.keys().map(keys -> String.join(",", keys)).orElse("?")
                        + (one.creates() ? "" : " +"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{data: [{secretKey: b}, {secretKey: a}]}                                                | sv/self a,b",
                "{target: {name: t}, data: [{secretKey: a}]}                                             | sv/t a",
                "{data: [{secretKey: a}], dataFrom: [{extract: {key: k}}]}                               | sv/self ?",
                "{target: {template: {data: {x: y}}}, dataFrom: [{extract: {key: k}}]}                   | sv/self x",
                "{target: {template: {mergePolicy: Merge, data: {x: y}}}, data: [{secretKey: a}]}        | sv/self a,x",
                "{target: {template: {templateFrom: [{literal: l}]}}, data: [{secretKey: a}]}            | sv/self ?",
                "{target: {template: {metadata: {labels: {a: b}}}}, data: [{secretKey: a}]}              | sv/self a",
                "{target: {creationPolicy: Orphan}, data: [{secretKey: a}]}                              | sv/self a",
                "{target: {creationPolicy: Merge}, data: [{secretKey: a}]}                               | sv/self a +",
            })
    void an_external_secret(String spec, String expected) {
        assertThat(made("external-secrets.io/v1", "ExternalSecret", spec)).containsExactly(expected);
        assertThat(made("external-secrets.io/v1beta1", "ExternalSecret", spec)).containsExactly(expected);
    }

    @Test
    void an_external_secret_that_makes_none() {
        var none = "{target: {creationPolicy: None}, data: [{secretKey: a}]}";
        assertThat(made("external-secrets.io/v1", "ExternalSecret", none)).isEmpty();
        var templated = "{target: {name: '{{ .name }}'}, data: [{secretKey: a}]}";
        assertThat(made("external-secrets.io/v1", "ExternalSecret", templated)).isEmpty();
        assertThat(made("example.com/v1", "ExternalSecret", "{data: [{secretKey: a}]}"))
                .isEmpty();
    }

    @Test
    void one_for_many_namespaces() {
        var spec = "{namespaces: [a, b], externalSecretName: n, externalSecretSpec: {data: [{secretKey: k}]}}";
        assertThat(made("external-secrets.io/v1", "ClusterExternalSecret", spec))
                .containsExactly("a/n k", "b/n k");
        var selecting = object(
                "external-secrets.io/v1",
                "ClusterExternalSecret",
                "{namespaceSelector: {}, externalSecretSpec: {target: {name: t}, data: [{secretKey: k}]}}");
        assertThat(new SecretMakers(Stream.of(selecting), "default")
                        .of(new ObjectRef("Secret", "any", "t"))
                        .flatMap(MadeSecret::keys))
                .contains(Set.of("k"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bitnami.com/v1alpha1 | SealedSecret | {encryptedData: {a: x}, template: {data: {b: y}}} | sv/self a,b",
                "bitnami.com/v1alpha1 | SealedSecret | {encryptedData: {a: x}, template: {metadata: {name: t}}} | sv/t a",
                "secrets.hashicorp.com/v1beta1 | VaultStaticSecret | {destination: {name: t, create: true}} | sv/t ?",
                "secrets.hashicorp.com/v1beta1 | VaultPKISecret | {destination: {name: t}} | sv/t ? +",
                "secrets.hashicorp.com/v1beta1 | VaultDynamicSecret | {destination: {name: t, create: true,"
                        + " transformation: {excludeRaw: true, templates: {a: {text: x}}}}} | sv/t a",
                "secrets-store.csi.x-k8s.io/v1 | SecretProviderClass | {secretObjects: [{secretName: t,"
                        + " data: [{key: a}, {key: b}]}]} | sv/t a,b",
                "isindir.github.com/v1alpha3 | SopsSecret | {secretTemplates: [{name: t, stringData: {a: x}, data: {b: y}}]}"
                        + " | sv/t a,b",
                "onepassword.com/v1 | OnePasswordItem | {itemPath: vaults/v/items/i} | sv/self ?",
            })
    void others(String apiVersion, String kind, String spec, String expected) {
        assertThat(made(apiVersion, kind, spec)).containsExactly(expected);
    }

    @Test
    void what_says_nothing_makes_nothing() {
        assertThat(made("secrets.hashicorp.com/v1beta1", "VaultStaticSecret", "{}"))
                .isEmpty();
        assertThat(made("isindir.github.com/v1alpha3", "SopsSecret", "7")).isEmpty();
        assertThat(made("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", "{secretObjects: {}}"))
                .isEmpty();
    }

    @Test
    void two_makers_of_one_secret_bring_the_keys_of_both() {
        var one = object("external-secrets.io/v1", "ExternalSecret", "{target: {name: t}, data: [{secretKey: a}]}");
        var other = object(
                "external-secrets.io/v1",
                "ExternalSecret",
                "{target: {name: t, creationPolicy: Merge}, data: [{secretKey: b}]}");
        var made = new SecretMakers(Stream.of(other, one), "default").of(new ObjectRef("Secret", "sv", "t"));
        assertThat(made.flatMap(MadeSecret::keys)).isEqualTo(Optional.of(Set.of("a", "b")));
        assertThat(made.map(MadeSecret::creates)).contains(true);
        assertThat(made.map(all -> all.lacking(Set.of("a", "c")))).contains(Set.of("c"));
    }
}
