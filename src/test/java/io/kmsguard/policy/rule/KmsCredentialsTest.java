// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsCredentialsTest {

    private static final String GOOGLE = "GOOGLE_APPLICATION_CREDENTIALS";
    private static final String ID = "AWS_ACCESS_KEY_ID";
    private static final String KEY = "AWS_SECRET_ACCESS_KEY";
    private static final String FILE = "/app/gcp-credentials.json";
    private static final String ENV = " | /spec/template/spec/containers/0/env";
    private static final String WIRE =
            " | wire the credentials as the sample values of splice-participant do; fine as it is"
                    + " where the cluster provides them by other means" + ENV;
    private static final String MAKE_GCP =
            " | make it from what your cloud provider gave you: kubectl -n sv create secret"
                    + " generic gke-credentials --from-file=googleCredentials=FILE --dry-run=client -o yaml | kubectl apply -f -"
                    + ENV;
    private static final String MAKE_AWS =
            " | make it from what your cloud provider gave you: kubectl -n sv create secret"
                    + " generic aws-credentials --from-literal=accessKeyId=… --from-literal=secretAccessKey=…"
                    + " --dry-run=client -o yaml | kubectl apply -f -" + ENV;

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsCredentials(), subject);
    }

    private static Workloads wired() {
        return kmsParticipant()
                .withEnv(GOOGLE, FILE)
                .withSecretMount("gcp-credentials", "gke-credentials", FILE, "googleCredentials");
    }

    private static Workloads bareAws() {
        return participant().withKms(aws("us-east-1", true));
    }

    private static Workloads wiredAws() {
        return bareAws()
                .withSecretEnv(ID, "aws-credentials", "accessKeyId")
                .withSecretEnv(KEY, "aws-credentials", "secretAccessKey");
    }

    @Test
    void allows_credentials_as_the_samples_wire_them() {
        assertThat(found(creationOf(wired()).withSecret("gke-credentials", Map.of("googleCredentials", "{}"))))
                .isEmpty();
        assertThat(found(creationOf(wiredAws())
                        .withSecret("aws-credentials", Map.of("accessKeyId", "a", "secretAccessKey", "b"))))
                .isEmpty();
    }

    @Test
    void allows_a_service_account_with_an_identity() {
        assertThat(found(creationOf(kmsParticipant())
                        .withServiceAccount(
                                "default", Lookup.found(Map.of("iam.gke.io/gcp-service-account", "p@acme")))))
                .isEmpty();
        assertThat(found(creationOf(bareAws())
                        .withServiceAccount("default", Lookup.found(Map.of("eks.amazonaws.com/role-arn", "arn")))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_PROFILE"})
    void allows_an_identity_that_the_env_names_and_a_plain_pair(String name) {
        assertThat(found(creationOf(bareAws().withEnv(name, "x")))).isEmpty();
        assertThat(found(creationOf(bareAws().withEnv(ID, "x").withEnv(KEY, "x"))))
                .isEmpty();
    }

    @Test
    void leaves_files_that_others_fill_alone() {
        var csi = kmsParticipant()
                .withEnv(GOOGLE, "/vault/gcp.json")
                .withVolume("vault", volume -> volume.putObject("csi").put("driver", "secrets-store.csi.k8s.io"))
                .withMount("vault", "/vault", "");
        assertThat(found(creationOf(csi))).isEmpty();
        assertThat(found(creationOf(kmsParticipant().withFieldEnv(GOOGLE)))).isEmpty();
        var renamed = kmsParticipant()
                .withEnv(GOOGLE, FILE)
                .withVolume(
                        "v",
                        volume -> volume.putObject("secret")
                                .put("secretName", "gke-credentials")
                                .putArray("items")
                                .addObject()
                                .put("key", "googleCredentials")
                                .put("path", "gcp-credentials.json"))
                .withMount("v", "/app", "");
        assertThat(found(creationOf(renamed))).isEmpty();
    }

    @Test
    void says_nothing_of_a_driver_and_without_a_kms() {
        assertThat(found(creationOf(participant().withKms("type = driver, name = own"))))
                .isEmpty();
        assertThat(found(creationOf(participant()))).isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void refuses_a_secret_that_is_absent() {
        assertThat(found(creationOf(wired()).withSecret("gke-credentials", Lookup.absent())))
                .containsExactly(
                        "BROKEN ABSENT container participant: Secret sv/gke-credentials is not there, needed by the"
                                + " mount at " + FILE + ", so the pod would not run" + MAKE_GCP);
        assertThat(found(creationOf(wiredAws()).withSecret("aws-credentials", Lookup.absent())))
                .containsExactly(
                        "BROKEN ABSENT container participant: Secret sv/aws-credentials is not there, needed by env "
                                + ID + " and env " + KEY + ", so the pod would not run" + MAKE_AWS);
    }

    @Test
    void refuses_a_secret_without_the_key() {
        assertThat(found(creationOf(wired()).withSecret("gke-credentials", Map.of("key.json", "{}"))))
                .containsExactly(
                        "BROKEN SEEN container participant: Secret sv/gke-credentials lacks googleCredentials, needed"
                                + " by the mount at " + FILE + ", so the pod would not run" + MAKE_GCP);
        assertThat(found(creationOf(wiredAws()).withSecret("aws-credentials", Map.of())))
                .containsExactly("BROKEN SEEN container participant: Secret sv/aws-credentials lacks accessKeyId and"
                        + " secretAccessKey, needed by env " + ID + " and env " + KEY + ", so the pod would not run"
                        + MAKE_AWS);
    }

    @Test
    void finds_the_key_of_a_file_below_a_mounted_secret() {
        var folder = kmsParticipant()
                .withEnv(GOOGLE, "/app/kms/googleCredentials")
                .withSecretMount("gcp", "gke-credentials", "/app/kms", "");
        assertThat(found(creationOf(folder).withSecret("gke-credentials", Map.of("googleCredentials", "{}"))))
                .isEmpty();
        assertThat(found(creationOf(folder).withSecret("gke-credentials", Map.of("other", "{}"))))
                .containsExactly(
                        "BROKEN SEEN container participant: Secret sv/gke-credentials lacks googleCredentials, needed"
                                + " by the mount at /app/kms, so the pod would not run" + MAKE_GCP);
    }

    @Test
    void only_warns_of_an_optional_secret() {
        var optional = bareAws()
                .withOptionalSecretEnv(ID, "aws-credentials", "accessKeyId")
                .withOptionalSecretEnv(KEY, "aws-credentials", "secretAccessKey");
        assertThat(found(creationOf(optional).withSecret("aws-credentials", Lookup.absent())))
                .containsExactly(
                        "ADVISABLE ABSENT container participant: Secret sv/aws-credentials is not there, needed by"
                                + " env " + ID + " and env " + KEY + " (optional)" + MAKE_AWS);
    }

    @Test
    void only_warns_of_a_secret_that_cannot_be_read() {
        assertThat(found(creationOf(wired()).withSecret("gke-credentials", Lookup.unknown("it is forbidden"))))
                .containsExactly(
                        "ADVISABLE UNKNOWN container participant: whether Secret sv/gke-credentials, needed by the"
                                + " mount at " + FILE
                                + ", is there could not be told: it is forbidden | look yourself: kubectl"
                                + " -n sv get secret gke-credentials" + ENV);
    }

    @Test
    void only_warns_of_a_secret_that_is_filled_later() {
        assertThat(found(creationOf(wired())
                        .withSecret("gke-credentials", Lookup.notYet("it is empty until x fills it"))))
                .containsExactly(
                        "ADVISABLE UNKNOWN container participant: Secret sv/gke-credentials, needed by the mount at "
                                + FILE
                                + ": it is empty until x fills it | look yourself: kubectl -n sv get secret gke-credentials"
                                + ENV);
    }

    @Test
    void warns_where_nothing_is_wired() {
        assertThat(found(creationOf(kmsParticipant()).withServiceAccount("default", Lookup.found(Map.of()))))
                .containsExactly(
                        "ADVISABLE SEEN container participant: no credentials for Google Cloud KMS are wired, and"
                                + " ServiceAccount sv/default has no annotation iam.gke.io/gcp-service-account" + WIRE);
        assertThat(found(creationOf(bareAws()).withServiceAccount("default", Lookup.absent())))
                .containsExactly("ADVISABLE SEEN container participant: no credentials for AWS KMS are wired, and"
                        + " ServiceAccount sv/default has no annotation eks.amazonaws.com/role-arn" + WIRE);
        assertThat(found(creationOf(bareAws()).withServiceAccount("default", Lookup.unknown("it is forbidden"))))
                .containsExactly("ADVISABLE SEEN container participant: no credentials for AWS KMS are wired, and"
                        + " ServiceAccount sv/default could not be read" + WIRE);
        assertThat(found(creationOf(kmsParticipant().withEnv(GOOGLE, ""))
                        .withServiceAccount("default", Lookup.found(Map.of()))))
                .hasSize(1);
    }

    @Test
    void warns_of_what_is_wired_by_half() {
        assertThat(found(creationOf(kmsParticipant().withEnv(GOOGLE, FILE))))
                .containsExactly("ADVISABLE SEEN container participant: env " + GOOGLE + " names " + FILE
                        + ", where nothing is mounted" + WIRE);
        assertThat(found(creationOf(bareAws().withSecretEnv(KEY, "aws-credentials", "secretAccessKey"))
                        .withSecret("aws-credentials", Map.of("secretAccessKey", "b"))))
                .containsExactly("ADVISABLE SEEN container participant: env " + KEY + " is set without " + ID + WIRE);
        assertThat(found(creationOf(bareAws().withEnv(ID, "x"))))
                .containsExactly("ADVISABLE SEEN container participant: env " + ID + " is set without " + KEY + WIRE);
    }

    @Test
    void says_once_what_is_wrong_for_two_participants_in_one_container() {
        var two = kmsParticipant()
                .withEnv(
                        "ADDITIONAL_CONFIG_OTHER",
                        "canton.participants.other.crypto { provider = kms, kms { " + Workloads.gcp("other") + " } }");
        assertThat(found(creationOf(two).withServiceAccount("default", Lookup.found(Map.of()))))
                .hasSize(1);
    }
}
