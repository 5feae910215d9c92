// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.admission.CompletedText.ADD_ENV;
import static io.kmsguard.admission.CompletedText.ADD_MOUNT;
import static io.kmsguard.admission.CompletedText.ADD_VOLUME;
import static io.kmsguard.admission.CompletedText.ENV;
import static io.kmsguard.admission.CompletedText.HEAD;
import static io.kmsguard.admission.CompletedText.MOUNTS;
import static io.kmsguard.admission.CompletedText.VOLUMES;
import static io.kmsguard.admission.CompletedText.adds;
import static io.kmsguard.admission.CompletedText.becomes;
import static io.kmsguard.admission.CompletedText.complete;
import static io.kmsguard.admission.CompletedText.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ManifestText.Completing;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTextTest {

    @Test
    void lines_go_behind_the_last_entry_at_its_own_indentation() {
        adds(
                HEAD
                        + """
                              containers:   # as charts write it
                              - name: c
                                env:
                                - name: OLD
                                  value: "1"   # why

                                # a comment
                                volumeMounts:
                                  -   name: old
                        +          - name: new
                              volumes:
                                  - name: old
                        +          - name: new
                        +            secret:
                        +              secretName: s
                        """.replace(
                                        "value: \"1\"   # why\n",
                                        "value: \"1\"   # why\n+        - name: NEW\n+          value: \"yes\"\n"),
                ADD_ENV,
                ADD_MOUNT,
                ADD_VOLUME);
    }

    @Test
    void lists_that_are_not_there_are_indented_as_their_neighbours() {
        adds(HEAD + """
                              containers:
                                - name: c
                                  image: i
                        +          env:
                        +            - name: NEW
                        +              value: "yes"
                        +          volumeMounts:
                        +            - name: new
                        +      volumes:
                        +        - name: new
                        +          secret:
                        +            secretName: s
                        """, list(ENV), ADD_ENV, list(MOUNTS), ADD_MOUNT, list(VOLUMES), ADD_VOLUME);
        adds(HEAD + """
                              containers:
                              - name: c
                                ports:
                                - containerPort: 1
                        +        env:
                        +        - name: NEW
                        +          value: "yes"
                              # the end
                        """, list(ENV), ADD_ENV);
    }

    @Test
    void an_entry_comes_before_a_key_that_is_added_at_the_same_column() {
        adds(HEAD + """
                              containers:
                              - name: c
                                env:
                                - name: OLD
                        +        - name: NEW
                        +          value: "yes"
                        +        volumeMounts:
                        +        - name: new
                        """, list(MOUNTS), ADD_MOUNT, ADD_ENV);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|", "|-", "|+", ">", ">-", "|2"})
    void a_block_of_text_ends_before_what_is_added(String style) {
        adds(HEAD + """
                              containers:
                              - name: c
                                env:
                                - name: OLD
                                  value: STYLE
                                    some {
                                      text }

                        +        - name: NEW
                        +          value: "yes"
                                image: i
                        """.replace("STYLE", style), ADD_ENV);
    }

    @Test
    void a_key_without_a_list_gets_one() {
        adds(HEAD + """
                              containers:
                              - name: c
                                env:   # none yet
                        +        - name: NEW
                        +          value: "yes"
                                image: i
                        """, list(ENV), ADD_ENV);
        for (var nothing : List.of("null", "~", "!!null ''")) {
            becomes(
                    HEAD + "      containers:\n      - env: " + nothing + " # none\n        name: c\n",
                    HEAD
                            + "      containers:\n      - env: [{\"name\": \"NEW\", \"value\": \"yes\"}] # none\n        name: c\n",
                    list(ENV),
                    ADD_ENV);
        }
    }

    @Test
    void objects_in_lists_are_completed_where_they_stand() {
        var first = "{template: {spec: {containers: [\n    {name: 😀},\n  ]}}}";
        adds("""
                # two of them
                apiVersion: v1
                kind: List
                items:
                - apiVersion: apps/v1
                  kind: DeploymentList
                  items:
                  - metadata:
                      name: 😀
                    spec:
                      template:
                        spec:
                          containers:
                            - name: b
                +          volumes:
                +            - name: new
                +              secret:
                +                secretName: s
                """, list(VOLUMES), ADD_VOLUME);
        var list = "kind: List\napiVersion: v1\nitems:\n- kind: Service\n  apiVersion: v1\n  metadata: {name: 😀}\n"
                + "- kind: Deployment\n  apiVersion: apps/v1\n  metadata: {name: a}\n  spec: ";
        becomes(
                list + first + "\n",
                list
                        + first.replace(
                                "  ]}", "  ], \"volumes\": [{\"name\": \"new\", \"secret\": {\"secretName\": \"s\"}}]}")
                        + "\n",
                list(VOLUMES),
                ADD_VOLUME);
    }

    @Test
    void a_text_without_a_line_break_at_its_end_keeps_none() {
        for (var mark : List.of("", "\uFEFF", "# first\n---\n", "a: b\n...\n%YAML 1.1\n---\n")) {
            assertThat(complete(
                            mark + HEAD + "      containers:\n      - name: c\n        env:\n        - name: OLD",
                            ADD_ENV))
                    .isEqualTo(new Completing.Done(mark + HEAD
                            + "      containers:\n      - name: c\n        env:\n        - name: OLD\n"
                            + "        - name: NEW\n          value: \"yes\""));
        }
    }

    @Test
    void what_cannot_be_read_costs_none_of_the_rest() {
        var text = ManifestText.read("in.yaml", "a: b\n---\na: {\n---\n" + HEAD + "---\n- x\n---\nkind: Service\n");
        assertThat(text.unreadable()).extracting(ManifestProblem::line).containsExactly(4);
        assertThat(text.foreign()).extracting(ManifestProblem::line).containsExactly(1, 12, 14);
        assertThat(text.manifests()).extracting(Manifest::kind).containsExactly("Deployment");
    }

    @Test
    void what_is_asked_about_an_object_is_no_manifest() {
        var review = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\","
                + "\"operation\":\"CREATE\",\"object\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\","
                + "\"metadata\":{\"name\":\"a\"}}}}";
        var text = ManifestText.read("-", review);
        assertThat(text.manifests()).isEmpty();
        assertThat(text.complete(new IdentityHashMap<>())).isEqualTo(new Completing.Done(review));
    }
}
