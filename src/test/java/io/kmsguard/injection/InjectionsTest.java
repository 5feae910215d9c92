// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class InjectionsTest {

    private static final String CONTAINER = "/spec/template/spec/containers/0";
    private static final Map<String, String> GOOGLE = Map.of("googleCredentials", "{}");
    private static final Map<String, String> AMAZON = Map.of("accessKeyId", "a", "secretAccessKey", "b");

    private static Completion complete(Subjects subject) {
        return Injections.complete(
                Injections.all().stream()
                        .filter(injection -> !injection.onRequest())
                        .toList(),
                subject.subject());
    }

    private static List<String> operations(Subjects subject) {
        return complete(subject).operations().stream()
                .map(operation -> operation.path() + " " + operation.value())
                .toList();
    }

    private static Subjects google(Workloads participant) {
        return creationOf(participant)
                .withSecret("gke-credentials", GOOGLE)
                .withServiceAccount("default", Lookup.absent());
    }

    private static Subjects amazon(Workloads participant) {
        return creationOf(participant)
                .withSecret("aws-credentials", AMAZON)
                .withServiceAccount("default", Lookup.found(Map.of()));
    }

    private static Workloads withVolume(Workloads workload, String name) {
        return workload.with(object -> ((ObjectNode) object.at("/spec/template/spec"))
                .putArray("volumes")
                .addObject()
                .put("name", name));
    }

    private static Workloads withMount(Workloads workload, String path) {
        return workload.with(object -> ((ObjectNode) object.at(CONTAINER))
                .putArray("volumeMounts")
                .addObject()
                .put("mountPath", path));
    }

    @Test
    void are_these_four() {
        assertThat(Injections.all())
                .extracting(Injection::id)
                .containsExactly("gcp-credentials", "aws-credentials", "governance-key-env", "governance-key-config");
        assertThat(Injections.all().stream().filter(Injection::onRequest))
                .extracting(Injection::id)
                .containsExactly("governance-key-config");
    }

    @Test
    void describe_what_they_add() {
        assertThat(new Addition.Env("/c", Map.of("name", "A")).describe()).isEqualTo("env A");
        assertThat(new Addition.Volume(Map.of("name", "v")).describe()).isEqualTo("volume v");
        assertThat(new Addition.Mount("/c", Map.of("mountPath", "/m")).describe())
                .isEqualTo("mount /m");
    }

    @Test
    void wire_the_credentials_of_google_cloud() {
        assertThat(operations(google(kmsParticipant())))
                .containsExactly(
                        CONTAINER + "/env/- {name=GOOGLE_APPLICATION_CREDENTIALS, value=/app/gcp-credentials.json}",
                        "/spec/template/spec/volumes []",
                        "/spec/template/spec/volumes/- {name=gcp-credentials, secret={secretName=gke-credentials}}",
                        CONTAINER + "/volumeMounts []",
                        CONTAINER
                                + "/volumeMounts/- {mountPath=/app/gcp-credentials.json, name=gcp-credentials,"
                                + " subPath=googleCredentials}");
        assertThat(complete(google(kmsParticipant())).notes())
                .containsExactly(
                        "injected env GOOGLE_APPLICATION_CREDENTIALS, volume and mount gcp-credentials from Secret"
                                + " gke-credentials; set additionalEnvVars, extraVolumes and extraVolumeMounts in the values of"
                                + " splice-participant 0.7.3 to make this unnecessary");
    }

    @Test
    void leave_lists_that_are_there() {
        var participant = withMount(withVolume(kmsParticipant(), "logback"), "/app/logback");
        assertThat(operations(google(participant)))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly(CONTAINER + "/env/-", "/spec/template/spec/volumes/-", CONTAINER + "/volumeMounts/-");
    }

    @Test
    void add_only_the_env_where_the_file_is_mounted() {
        var participant = withMount(kmsParticipant(), "/app/gcp-credentials.json");
        assertThat(operations(google(participant)))
                .containsExactly(
                        CONTAINER + "/env/- {name=GOOGLE_APPLICATION_CREDENTIALS, value=/app/gcp-credentials.json}");
        assertThat(complete(google(participant)).notes())
                .containsExactly("injected env GOOGLE_APPLICATION_CREDENTIALS from Secret gke-credentials; set"
                        + " additionalEnvVars in the values of splice-participant 0.7.3 to make this unnecessary");
    }

    @Test
    void touch_no_volume_of_the_same_name() {
        assertThat(complete(google(withVolume(kmsParticipant(), "gcp-credentials"))))
                .isEqualTo(new Completion(
                        List.of(),
                        List.of("no credentials injected: the pod has a volume gcp-credentials of its own; mount it in"
                                + " container participant at /app/gcp-credentials.json and set env"
                                + " GOOGLE_APPLICATION_CREDENTIALS")));
    }

    @Test
    void leave_google_cloud_credentials_to_the_service_account_and_to_the_operator() {
        var identity = Lookup.found(Map.of("iam.gke.io/gcp-service-account", "sv@acme.iam.gserviceaccount.com"));
        var wired = kmsParticipant().withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/elsewhere");
        assertThat(complete(google(kmsParticipant()).withServiceAccount("default", identity)))
                .isEqualTo(Completion.NONE);
        assertThat(complete(google(wired))).isEqualTo(Completion.NONE);
        assertThat(complete(google(participant()))).isEqualTo(Completion.NONE);
        assertThat(complete(creationOf(kmsParticipant()).withSecret("gke-credentials", Lookup.absent())))
                .isEqualTo(Completion.NONE);
        assertThat(complete(creationOf(kmsParticipant()).withSecret("gke-credentials", Map.of("other", "{}"))))
                .isEqualTo(Completion.NONE);
    }

    @Test
    void say_what_they_could_not_look_up() {
        assertThat(complete(google(kmsParticipant()).withServiceAccount("default", Lookup.unknown("it took too long")))
                        .notes())
                .containsExactly(
                        "no credentials injected: whether ServiceAccount sv/default has an identity of its own could"
                                + " not be told (it took too long)");
        assertThat(complete(google(kmsParticipant())
                                .withSecret("gke-credentials", Lookup.unknown("the guard lacks get on secrets")))
                        .notes())
                .containsExactly(
                        "no credentials injected: whether Secret sv/gke-credentials holds them could not be told (the"
                                + " guard lacks get on secrets)");
        assertThat(complete(amazon(participant().withKms(aws("us-east-1", true)))
                                .withSecret("aws-credentials", Lookup.unknown("the guard lacks get on secrets")))
                        .notes())
                .containsExactly(
                        "no credentials injected: whether Secret sv/aws-credentials holds them could not be told (the"
                                + " guard lacks get on secrets)");
    }

    @Test
    void wire_the_credentials_of_aws() {
        var subject = amazon(participant().withKms(aws("us-east-1", true)));
        assertThat(operations(subject))
                .containsExactly(
                        CONTAINER + "/env/- {name=AWS_ACCESS_KEY_ID, valueFrom={secretKeyRef={key=accessKeyId,"
                                + " name=aws-credentials, optional=false}}}",
                        CONTAINER + "/env/- {name=AWS_SECRET_ACCESS_KEY, valueFrom={secretKeyRef={key=secretAccessKey,"
                                + " name=aws-credentials, optional=false}}}");
        assertThat(complete(subject).notes())
                .containsExactly(
                        "injected env AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from Secret aws-credentials; set"
                                + " additionalEnvVars in the values of splice-participant 0.7.3 to make this unnecessary");
    }

    @Test
    void leave_aws_credentials_to_the_pods_identity_and_to_the_operator() {
        var participant = participant().withKms(aws("us-east-1", true));
        var role = Lookup.found(Map.of("eks.amazonaws.com/role-arn", "arn:aws:iam::123456789012:role/sv"));
        assertThat(complete(amazon(participant).withServiceAccount("default", role)))
                .isEqualTo(Completion.NONE);
        assertThat(complete(amazon(participant.withEnv("AWS_ROLE_ARN", "arn")))).isEqualTo(Completion.NONE);
        assertThat(complete(
                        amazon(participant.withEnv("AWS_ACCESS_KEY_ID", "a").withEnv("AWS_SECRET_ACCESS_KEY", "b"))))
                .isEqualTo(Completion.NONE);
    }

    @Test
    void complete_no_half_of_an_aws_pair() {
        var participant = participant().withKms(aws("us-east-1", true));
        var note = "no credentials injected: container participant has env %s without %s; set both, from one Secret";
        assertThat(complete(amazon(participant.withEnv("AWS_ACCESS_KEY_ID", "a"))))
                .isEqualTo(new Completion(
                        List.of(), List.of(String.format(note, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))));
        assertThat(complete(amazon(participant.withEnv("AWS_SECRET_ACCESS_KEY", "b"))))
                .isEqualTo(new Completion(
                        List.of(), List.of(String.format(note, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"))));
    }

    @Test
    void wire_the_governance_key_that_the_configuration_reads() {
        var bare = keyedSvApp().withoutEnv(PUBLIC_ENV).withoutEnv(PRIVATE_ENV);
        assertThat(operations(creationOf(bare)))
                .containsExactly(
                        CONTAINER + "/env/- {name=" + PRIVATE_ENV + ", valueFrom={secretKeyRef={key=private, name="
                                + Workloads.SECRET + ", optional=false}}}",
                        CONTAINER + "/env/- {name=" + PUBLIC_ENV + ", valueFrom={secretKeyRef={key=public, name="
                                + Workloads.SECRET + ", optional=false}}}");
        assertThat(complete(creationOf(bare)).notes())
                .containsExactly("injected the governance key's env from Secret " + Workloads.SECRET
                        + "; synchronizers.current.cometBFT.externalGovernanceKey: true in the values of"
                        + " splice-sv-node 0.7.3 makes this unnecessary");
        assertThat(complete(creationOf(bare.withImage("sv-app:0.5.18"))).notes())
                .containsExactly("injected the governance key's env from Secret " + Workloads.SECRET
                        + "; cometBFT.externalGovernanceKey: true in the values of splice-sv-node 0.5.18 makes this"
                        + " unnecessary");
    }

    @Test
    void leave_a_governance_env_that_is_there() {
        assertThat(complete(creationOf(keyedSvApp()))).isEqualTo(Completion.NONE);
        assertThat(complete(creationOf(svApp()))).isEqualTo(Completion.NONE);
        var empty = keyedSvApp().withoutEnv(PUBLIC_ENV).withEnv(PUBLIC_ENV, "");
        assertThat(complete(creationOf(empty)).operations()).isEmpty();
    }

    @Test
    void do_nothing_where_the_operator_opted_out_and_for_a_secret() {
        assertThat(complete(google(kmsParticipant().withAnnotation(Injections.OPT_OUT, "false"))))
                .isEqualTo(Completion.NONE);
        assertThat(operations(google(kmsParticipant().withAnnotation(Injections.OPT_OUT, "true"))))
                .hasSize(5);
        assertThat(complete(creationOfSecret(Map.of()))).isEqualTo(Completion.NONE);
    }

    @Test
    void add_a_volume_once_for_two_containers() {
        var two = kmsParticipant().with(object -> {
            var containers = (tools.jackson.databind.node.ArrayNode) object.at("/spec/template/spec/containers");
            containers.add(containers.path(0).deepCopy());
        });
        assertThat(operations(google(two)))
                .filteredOn(line -> line.startsWith("/spec/template/spec/volumes/-"))
                .hasSize(1);
    }
}
