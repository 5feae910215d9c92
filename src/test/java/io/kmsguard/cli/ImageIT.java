// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The image, built from the packed jar, and the guard in it. {@code .ci/docker} provides the daemon and the bases. */
class ImageIT {

    private static final String NAME = "kms-guard-test:local";
    private static final Path JAR = Path.of("target/kms-guard.jar");
    private static final Path BOM = Path.of("target/bom.json");

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() {
        assumeTrue(JAR.toFile().isFile() && BOM.toFile().isFile(), "the jar is not packed; run ./mvnw verify");
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker daemon answers");
        // Not by ImageFromDockerfile, which asks a registry for the bases even where they are here.
        var command = DockerClientFactory.lazyClient()
                .buildImageCmd(new File("."))
                .withTags(Set.of(NAME))
                .withNetworkMode("host")
                .withBuildArg("REVISION", "test");
        for (var base : List.of("JDK_IMAGE", "BASE_IMAGE")) {
            Optional.ofNullable(System.getenv("KMS_GUARD_" + base))
                    .ifPresent(image -> command.withBuildArg(base, image));
        }
        command.exec(new BuildImageResultCallback()).awaitImageId();
    }

    @Test
    void guards_over_tls_without_root_and_without_a_place_to_write() throws Exception {
        try (var guard = new GuardContainer(NAME, folder, "participant-kms")) {
            assertThat(guard.ready()).contains("[+]self-review ok", "readyz check passed");

            var denied = response(guard.review("/validate", "sv-without-flag").body());
            var allowed = response(guard.review("/validate", "participant-bare").body());
            var completed = response(guard.review("/mutate", "participant-kms").body());

            assertThat(denied.path("allowed").asBoolean()).isFalse();
            assertThat(denied.at("/status/details/causes/0/reason").asString()).isEqualTo("governance-key-flag");
            assertThat(allowed.path("allowed").asBoolean()).isTrue();
            assertThat(completed.path("allowed").asBoolean()).isTrue();
            assertThat(guard.process())
                    .isEqualTo(Map.of(
                            "Uid", "65532 65532 65532 65532",
                            "Gid", "65532 65532 65532 65532",
                            "CapEff", "0000000000000000"));
        }
    }

    @Test
    void drains_on_SIGTERM_and_ends_with_0() throws Exception {
        try (var guard = new GuardContainer(NAME, folder, "participant-kms")) {
            assertThat(guard.ready()).contains("readyz check passed");

            assertThat(guard.terminate()).isZero();

            assertThat(guard.printed()).contains("\"message\":\"draining\"", "\"message\":\"stopped\"");
        }
    }

    @Test
    void starts_from_its_archive_without_a_complaint() throws Exception {
        try (var guard = new GuardContainer(NAME, folder, "participant-kms")) {
            assertThat(guard.ready()).contains("readyz check passed");

            assertThat(guard.printed().lines().filter(line -> line.startsWith("[")))
                    .isEmpty();
        }
    }

    @Test
    void is_the_whole_command_line_too() {
        try (var command = new GenericContainer<>(NAME)
                .withNetworkMode("host")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofSeconds(60)))
                .withCommand("demo")) {
            command.start();

            assertThat(command.getLogs()).contains("All 9 steps came out as expected");
        }
    }

    @Test
    void says_what_it_is_and_what_it_is_made_of() throws Exception {
        var docker = DockerClientFactory.lazyClient();
        var config = docker.inspectImageCmd(NAME).exec().getConfig();
        assertThat(config.getUser()).isEqualTo("65532:65532");
        assertThat(config.getLabels())
                .containsEntry("org.opencontainers.image.title", "splice-kms-guard")
                .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
                .containsEntry("org.opencontainers.image.revision", "test");

        var container = docker.createContainerCmd(NAME).exec().getId();
        try (var tar =
                new TarArchiveInputStream(docker.copyArchiveFromContainerCmd(container, "/opt/kms-guard/bom.json")
                        .exec())) {
            tar.getNextEntry();
            var bom = new JsonMapper().readTree(new ByteArrayInputStream(tar.readAllBytes()));
            assertThat(bom.path("bomFormat").asString()).isEqualTo("CycloneDX");
            assertThat(bom.path("components")
                            .valueStream()
                            .map(part -> part.path("name").asString()))
                    .contains("javalin", "kubernetes-client", "bcpkix-jdk18on")
                    .doesNotContain("junit-jupiter");
        } finally {
            docker.removeContainerCmd(container).exec();
        }
    }

    private static JsonNode response(String review) {
        return new JsonMapper()
                .readTree(review.getBytes(StandardCharsets.UTF_8))
                .path("response");
    }
}
