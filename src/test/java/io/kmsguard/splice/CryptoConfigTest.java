// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CryptoConfigTest {

    private static final String PATH = "canton.participants.participant.crypto";
    private static final String GCP =
            "type = gcp\nlocation-id = us-east1\nproject-id = acme-prod\nkey-ring-id = ring\n";
    private static final String AWS = "type = aws\nregion = us-east-1\n";

    private static CryptoConfig crypto(String block) {
        return crypto("0.7.3", block);
    }

    private static CryptoConfig crypto(String version, String block) {
        var config = Manifest.participant()
                .image("registry.example.com/canton-participant:" + version)
                .env("ADDITIONAL_CONFIG_X", PATH + " {\n" + block + "\n}")
                .config();
        assertThat(config.problem()).isEmpty();
        return config.cryptos().get(0);
    }

    private static List<ConfigProblem> problems(String kms) {
        return crypto("provider = kms\nkms {\n" + kms + "\n}").problems();
    }

    private static ConfigProblem problem(String key, String text, String remedy) {
        return new ConfigProblem(PATH + "." + key, text, remedy);
    }

    @Test
    void knows_the_kms_of_each_type() {
        assertThat(crypto("provider = kms, kms {" + GCP + "}").identity())
                .contains(new KmsConfig.Gcp("acme-prod", "us-east1", "ring"));
        assertThat(crypto("provider = kms, kms {" + AWS + "multi-region-key = yes}")
                        .identity())
                .contains(new KmsConfig.Aws("us-east-1", true));
        assertThat(crypto("provider = kms, kms { type = driver, name = hsm, config { slot = 3 } }")
                        .identity())
                .contains(new KmsConfig.Driver("hsm", Optional.of(Map.of("slot", Digests.of("3")))));
    }

    @Test
    void names_its_role_node_and_path() {
        var config = Manifest.other("x", "x")
                .env(
                        "ADDITIONAL_CONFIG_X",
                        "canton { mediators.m.crypto.provider = kms\nsequencers.s.crypto.provider = jce }")
                .config();
        assertThat(config.cryptos())
                .extracting(CryptoConfig::path)
                .containsExactly("canton.sequencers.s.crypto", "canton.mediators.m.crypto");
        assertThat(config.cryptos()).extracting(CryptoConfig::role).containsExactly(Role.SEQUENCER, Role.MEDIATOR);
    }

    @Test
    void without_provider_kms_no_kms_holds_the_keys() {
        assertThat(crypto("kms {" + GCP + "}").identity()).isEmpty();
        assertThat(crypto("provider = jce, kms {" + GCP + "}").identity()).isEmpty();
        assertThat(crypto("signing {}").provider()).isEmpty();
    }

    @Test
    void envelope_encryption_is_no_kms_identity() {
        var crypto = crypto("private-key-store.encryption { type = kms, wrapper-key-id = k }, kms {" + GCP + "}");
        assertThat(crypto.envelope()).isTrue();
        assertThat(crypto.isKms()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KMS", "Kms"})
    void a_provider_in_capitals_is_refused_by_canton_and_still_kms(String provider) {
        var crypto = crypto("provider = " + provider + ", kms {" + GCP + "}");
        assertThat(crypto.isKms()).isTrue();
        assertThat(crypto.problems())
                .containsExactly(problem("provider", "is neither kms nor jce (lower case)", "write provider = kms"));
    }

    @Test
    void provider_kms_without_a_block() {
        var crypto = crypto("provider = kms");
        assertThat(crypto.identity()).contains(new KmsConfig.Other(""));
        assertThat(crypto.problems())
                .containsExactly(problem(
                        "kms",
                        "is missing, and provider is kms",
                        "set the kms values of the splice-participant chart"));
    }

    @Test
    void a_crypto_that_is_no_block() {
        var crypto = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", PATH + " = kms")
                .config()
                .cryptos()
                .get(0);
        assertThat(crypto.problems())
                .containsExactly(new ConfigProblem(PATH, "is no block", "write crypto { provider = kms, kms { … } }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = GCP | is none of aws, gcp and driver (lower case)",
                "type = azure | is none of aws, gcp and driver (lower case)",
                "region = us-east-1 | is missing"
            })
    void an_unknown_or_missing_type(String kms, String text) {
        assertThat(problems(kms)).containsExactly(problem("kms.type", text, "write type = aws, gcp or driver"));
    }

    @Test
    void missing_fields() {
        assertThat(problems("type = gcp"))
                .containsExactly(
                        problem("kms.location-id", "is missing", "set it: type gcp needs it"),
                        problem("kms.project-id", "is missing", "set it: type gcp needs it"),
                        problem("kms.key-ring-id", "is missing", "set it: type gcp needs it"));
        assertThat(problems("type = aws"))
                .containsExactly(problem("kms.region", "is missing", "set it: type aws needs it"));
        assertThat(problems("type = driver"))
                .containsExactly(problem("kms.name", "is missing", "set it: type driver needs it"));
    }

    @ParameterizedTest
    @CsvSource({
        "multiRegionKey, multi-region-key",
        "multi_region_key, multi-region-key",
        "auditlogging, audit-logging",
        "audit-loging, audit-logging",
        "Retries, retries"
    })
    void a_misspelt_field_is_told_what_it_was_to_be(String written, String meant) {
        assertThat(problems(AWS + written + " = true"))
                .containsExactly(problem("kms." + written, "is no field of type aws", "did you mean " + meant + "?"));
    }

    @Test
    void a_field_of_another_type_is_unknown() {
        assertThat(problems(AWS + "project-id = acme-prod"))
                .containsExactly(
                        problem("kms.project-id", "is no field of type aws", "remove it: Canton refuses unknown keys"));
        assertThat(crypto("provider = kms, kmss {}, kms {" + GCP + "}").problems())
                .containsExactly(problem("kmss", "is no field of crypto", "did you mean kms?"));
    }

    @Test
    void all_fields_of_canton_are_known() {
        assertThat(
                        problems(
                                AWS
                                        + "multi-region-key = true\naudit-logging = false\ndisable-ssl-verification = off\n"
                                        + "endpoint-override = \"https://kms.example.com:8443\"\nretries { failures { max-retries = 3 } }"))
                .isEmpty();
        assertThat(problems(GCP + "audit-logging = true\nendpoint-override = \"x:1\"\nretries {}"))
                .isEmpty();
        assertThat(problems("type = driver\nname = hsm\nconfig = [1, 2]\nhealth-check-period = 30s\nretries {}"))
                .isEmpty();
        assertThat(crypto("provider = jce, signing {}, encryption {}, symmetric {}, hash {}, pbkdf {}, parallelism = 4,"
                                + " private-key-store {}")
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.4.2, false, false",
        "0.5.18, true, false",
        "0.6.0, true, true",
        "0.7.4-snapshot.20260819.3601.0.v6f68f6b3, true, true",
        "latest, true, true"
    })
    void session_signing_keys_are_known_where_that_line_of_canton_reads_them(
            String version, boolean belowKms, boolean belowCrypto) {
        var later = "is unknown to the Canton of this Splice release";
        assertThat(crypto(version, "provider = kms, kms {" + GCP + "session-signing-keys.enabled = true }")
                        .problems())
                .extracting(ConfigProblem::text)
                .isEqualTo(belowKms ? List.of() : List.of(later));
        assertThat(crypto(version, "provider = kms, session-signing-keys.enabled = true, kms {" + GCP + "}")
                        .problems())
                .extracting(ConfigProblem::text)
                .isEqualTo(belowCrypto ? List.of() : List.of(later));
    }

    @ParameterizedTest
    @CsvSource({
        "location-id, LOCATION_ID",
        "project-id, PROJECT_ID",
        "key-ring-id, KEY_RING_ID",
        "project-id, '\"<your project>\"'",
        "location-id, YOUR_LOCATION"
    })
    void placeholders(String field, String value) {
        assertThat(problems(GCP + field + " = " + value))
                .containsExactly(problem(
                        "kms." + field, "is still the placeholder " + value.replace("\"", ""), "write the real value"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"us-east-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "ap-southeast-3", "eusc-de-east-1"})
    void regions_of_aws(String region) {
        assertThat(problems("type = aws\nregion = " + region)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east1", "us-east-1a", "US-EAST-1", "useast1"})
    void no_regions_of_aws(String region) {
        assertThat(problems("type = aws\nregion = " + region))
                .containsExactly(problem("kms.region", "is no AWS region", "write one such as us-east-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"global", "us", "europe", "us-east1", "northamerica-northeast1", "europe-west12", "nam4", "asia1"
            })
    void locations_of_google_cloud(String location) {
        assertThat(problems(GCP + "location-id = " + location)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east1-b", "us-east-1", "US", "us_east1"})
    void no_locations_of_google_cloud(String location) {
        assertThat(problems(GCP + "location-id = " + location))
                .containsExactly(problem(
                        "kms.location-id",
                        "is no Google Cloud location",
                        "write one such as us-east1, europe or global"));
    }

    @ParameterizedTest
    @CsvSource({
        "project-id, '\"example.com:acme-prod\"', true",
        "project-id, 123456789012, true",
        "project-id, Acme, false",
        "project-id, a-, false",
        "key-ring-id, My_Ring-2, true",
        "key-ring-id, '\"projects/p/keyRings/r\"', false"
    })
    void project_and_key_ring(String field, String value, boolean good) {
        assertThat(problems(GCP + field + " = " + value).isEmpty()).isEqualTo(good);
    }

    @Test
    void shapes_that_do_not_fit() {
        assertThat(problems(AWS + "region = [us-east-1]"))
                .containsExactly(
                        problem("kms.region", "is a list or block where one value is wanted", "write one value"));
        assertThat(problems(AWS + "audit-logging = maybe"))
                .containsExactly(problem("kms.audit-logging", "is neither true nor false", "write true or false"));
        assertThat(problems(AWS + "audit-logging = Yes"))
                .containsExactly(problem("kms.audit-logging", "is neither true nor false", "write true or false"));
        assertThat(problems(AWS + "retries = 3"))
                .containsExactly(problem("kms.retries", "is no block", "write retries { … }"));
        assertThat(problems(AWS + "region = \"\""))
                .containsExactly(problem("kms.region", "is empty", "write the real value"));
    }
}
