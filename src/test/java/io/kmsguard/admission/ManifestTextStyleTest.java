// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.admission.CompletedText.ADD_ENV;
import static io.kmsguard.admission.CompletedText.ADD_MOUNT;
import static io.kmsguard.admission.CompletedText.ADD_VOLUME;
import static io.kmsguard.admission.CompletedText.ENV;
import static io.kmsguard.admission.CompletedText.HEAD;
import static io.kmsguard.admission.CompletedText.MOUNTS;
import static io.kmsguard.admission.CompletedText.POD;
import static io.kmsguard.admission.CompletedText.VOLUMES;
import static io.kmsguard.admission.CompletedText.adds;
import static io.kmsguard.admission.CompletedText.becomes;
import static io.kmsguard.admission.CompletedText.complete;
import static io.kmsguard.admission.CompletedText.list;
import static io.kmsguard.admission.CompletedText.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ManifestText.Completing;
import io.kmsguard.injection.PatchOperation;
import org.junit.jupiter.api.Test;

class ManifestTextStyleTest {

    @Test
    void flow_style_stays_flow_style() {
        becomes(
                HEAD + "      containers: [{name: c, env: []}]\n      volumes: [{name: old}, ] # one\n",
                HEAD + "      containers: [{name: c, env: [{\"name\": \"NEW\", \"value\": \"yes\"}]}]\n"
                        + "      volumes: [{name: old}, {\"name\": \"new\", \"secret\": {\"secretName\": \"s\"}}, ] # one\n",
                ADD_ENV,
                ADD_VOLUME);
        becomes(
                HEAD + "      containers: [{name: c}]\n      volumes: [ ]\n",
                HEAD + "      containers: [{name: c, \"env\": [{\"name\": \"NEW\", \"value\": \"yes\"}],"
                        + " \"volumeMounts\": [{\"name\": \"new\"}]}]\n"
                        + "      volumes: [{\"name\": \"new\", \"secret\": {\"secretName\": \"s\"}} ]\n",
                list(ENV),
                ADD_ENV,
                list(MOUNTS),
                ADD_MOUNT,
                ADD_VOLUME);
        becomes(
                HEAD
                        + "      containers:\n      - {name: c, env: [\n          {name: OLD},\n          {name: B} # b\n        ]}\n",
                HEAD + "      containers:\n      - {name: c, env: [\n          {name: OLD},\n          {name: B},\n"
                        + "          {\"name\": \"NEW\", \"value\": \"yes\"} # b\n        ]}\n",
                ADD_ENV);
    }

    @Test
    void json_stays_json() {
        var before = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"é😀\",\"env\":[{\"name\":\"OLD\"}]}]}}}}";
        var after = before.replace("{\"name\":\"OLD\"}", "{\"name\":\"OLD\"}, {\"name\": \"NEW\", \"value\": \"yes\"}")
                .replace(
                        "}]}]}}}}",
                        "}]}], \"volumes\": [{\"name\": \"new\", \"secret\": {\"secretName\": \"s\"}}]}}}}");
        becomes(before, after, ADD_ENV, list(VOLUMES), ADD_VOLUME);
        // Several in a row, as kubectl prints them, the first behind a marker.
        becomes(
                "---" + before + "\n" + before + "\n{\"kind\":\"X\",\"apiVersion\":\"v1\"}",
                "---" + after + "\n" + after + "\n{\"kind\":\"X\",\"apiVersion\":\"v1\"}",
                ADD_ENV,
                list(VOLUMES),
                ADD_VOLUME);
    }

    @Test
    void json_on_lines_stays_on_lines() {
        becomes("""
                {
                    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                    "spec": {"template": {"spec": {
                        "containers": [{
                            "name": "c",
                            "env": null
                        }],
                        "volumes": [
                            {"name": "old"}
                        ]
                    }}}
                }
                """, """
                {
                    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                    "spec": {"template": {"spec": {
                        "containers": [{
                            "name": "c",
                            "env": [{"name": "NEW", "value": "yes"}],
                            "volumeMounts": [{"name": "new"}]
                        }],
                        "volumes": [
                            {"name": "old"},
                            {"name": "new", "secret": {"secretName": "s"}}
                        ]
                    }}}
                }
                """, list(ENV), ADD_ENV, list(MOUNTS), ADD_MOUNT, ADD_VOLUME);
    }

    @Test
    void what_an_alias_repeats_is_not_touched() {
        var shared = "an anchor (&) and its aliases (*) share it with another place, so that nothing can be added to it"
                + " alone; write it out in both places";
        var two = HEAD + "      containers:\n      - {name: c, env: %s}\n      - {name: d, env: %s}\n";
        refuses(two.formatted("&e []", "*e"), 8, "Deployment a: " + ENV + ": " + shared, ADD_ENV);
        refuses(
                two.formatted("&e []", "*e")
                        .replace("name: c, env: &e []", "name: c, x: &e []}\n      - {name: c, env: *e"),
                9,
                "Deployment a: " + ENV.replace("/0/", "/1/") + ": " + shared,
                new PatchOperation(ENV.replace("/0/", "/1/") + "/-", "x"));
        refuses(
                HEAD + "      containers:\n      - &c {name: c, env: []}\n      - *c\n",
                8,
                "Deployment a: " + POD + "/containers/0: " + shared,
                ADD_ENV);
        becomes(
                two.formatted("&e []", "[]"),
                two.formatted("&e [{\"name\": \"NEW\", \"value\": \"yes\"}]", "[]"),
                ADD_ENV);
        adds(HEAD + """
                              containers:
                              - name: c
                                args: &a [x]
                                command: *a
                        +        volumeMounts:
                        +        - name: new
                              volumes: &v
                              - name: old
                        +      - name: new
                        +        secret:
                        +          secretName: s
                        """, list(MOUNTS), ADD_MOUNT, ADD_VOLUME);
    }

    @Test
    void what_a_merge_brings_in_is_not_touched() {
        refuses(
                HEAD
                        + "      containers:\n      - {name: c, env: [], x: &x {env: []}}\n      - <<: *x\n        name: d\n",
                8,
                "Deployment a: " + ENV.replace("/0/", "/1/")
                        + ": it comes in by a merge (<<), so that nothing can be added to it here; write the list out"
                        + " in its place",
                new PatchOperation(ENV.replace("/0/", "/1/") + "/-", "x"));
    }

    @Test
    void nothing_is_written_that_would_be_read_otherwise() {
        refuses(
                HEAD
                        + "      containers:\n      - name: c\n        env:\n        - name: OLD\n          value: |\n            x",
                1,
                "Deployment a: what is missing cannot be written here without a change of what stands there; set it in"
                        + " the values (kms-guard check says which), or end the text with a line break",
                ADD_ENV);
        refuses(
                HEAD + "      containers:\n      - name: c\n        env: text\n",
                9,
                "Deployment a: " + ENV + ": it is no list",
                list(ENV),
                ADD_ENV);
    }

    @Test
    void a_refusal_is_one_for_the_whole_text() {
        var fine = HEAD + "      containers:\n      - {name: c, env: []}\n";
        var shared = HEAD + "      containers:\n      - {name: c, env: &e []}\n      - {name: d, env: *e}\n";
        assertThat(complete(fine + "---\n" + shared, ADD_ENV)).isInstanceOf(Completing.Refused.class);
    }
}
