// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ManifestReader;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.KmsDrivers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --manifests DIR --identities FILE}. */
class IdentitiesOptionTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 25);

    @TempDir
    private Path folder;

    private Path world = Path.of("world");
    private Path file = Path.of("identities.yaml");

    @BeforeEach
    void files() throws IOException {
        world = Files.createDirectory(folder.resolve("world"));
        file = folder.resolve("identities.yaml");
    }

    private RunningServe serve() throws Exception {
        return RunningServe.selfSigned("--manifests", world.toString(), "--identities", file.toString());
    }

    private static ManifestSurroundings running(Workloads... workloads) {
        var manifests = List.of(workloads).stream()
                .flatMap(each -> ManifestReader.read("w", each.json().toString()).manifests().stream())
                .toList();
        return ManifestSurroundings.of(manifests, List.of(), "sv");
    }

    @Test
    void remembers_a_participant_that_is_gone_even_over_a_restart() throws Exception {
        var manifest =
                Files.writeString(world.resolve("participant-kms.yaml"), RunningServe.manifest("participant-kms"));
        try (var serve = serve()) {
            assertThat(Files.readString(file)).contains("{type: gcp, project: \"northwind-canton\"");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(serve.stop()).isZero();
        }
        Files.delete(manifest);
        try (var serve = serve()) {
            var reinstalled = serve.review("/validate", RunningServe.deployment("participant-forgotten"));
            assertThat(reinstalled.at("/status/details/causes/0/reason").asString())
                    .isEqualTo("kms-identity-reuse");
            assertThat(reinstalled.at("/status/message").asString())
                    .contains("which kept its keys in GCP KMS (project northwind-canton")
                    .contains("when last seen on ");
            assertThat(serve.review("/validate", RunningServe.deployment("participant-kms"))
                            .toString())
                    .doesNotContain("kms-identity-reuse");
        }
    }

    @Test
    void a_folder_that_changes_is_remembered_as_it_is_then() throws Exception {
        try (var serve = serve()) {
            assertThat(Files.readString(file)).endsWith("databases: []\n");
            Files.writeString(world.resolve("participant-kms.yaml"), RunningServe.manifest("participant-kms"));
            var end = System.nanoTime() + 30_000_000_000L;
            while (!Files.readString(file).contains("northwind-canton") && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(Files.readString(file)).contains("northwind-canton");
            assertThat(serve.ready("[+]world ok\n")).contains("[+]world ok\n");
        }
    }

    @Test
    void does_not_start_with_what_it_does_not_understand_and_leaves_it_as_it_is() throws IOException {
        var text = "apiVersion: kms-guard.io/v1\nkind: ParticipantIdentities\ndatabases:\n- host: x\n";
        Files.writeString(file, text);
        var cli = Cli.run("serve", "--self-signed", "--manifests", world.toString(), "--identities", file.toString());
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err())
                .startsWith("kms-guard: " + file + ":4: unknown key host in an entry; did you mean port?\n");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void names_a_file_that_it_cannot_use() throws IOException {
        var inside = world.resolve("identities.yaml").toString();
        var nowhere = folder.resolve("nowhere/identities.yaml").toString();
        assertThat(Cli.run("serve", "--self-signed", "--manifests", world.toString(), "--identities", inside)
                        .err())
                .isEqualTo("kms-guard: --identities " + inside + " must not lie in the folder of --manifests.\n");
        assertThat(Cli.run("serve", "--self-signed", "--manifests", world.toString(), "--identities", nowhere)
                        .err())
                .isEqualTo("kms-guard: " + nowhere + " cannot be written (NoSuchFileException).\n");
        assertThat(Cli.run("serve", "--self-signed", "--identities", file.toString())
                        .err())
                .startsWith("kms-guard: --identities goes with --manifests.\n");
        Files.write(file, new byte[] {(byte) 0xff});
        assertThat(new IdentityFile(file).open()).containsExactly(file + ": the file is no UTF-8 text");
    }

    @Test
    void does_not_write_over_what_something_else_has_changed() throws IOException {
        var identities = new IdentityFile(file);
        assertThat(identities.open()).isEmpty();
        assertThat(identities.update(running(Workloads.participant()), DAY, KmsDrivers.NONE))
                .isEmpty();
        Files.writeString(file, "edited");
        assertThat(identities.update(running(Workloads.kmsParticipant()), DAY, KmsDrivers.NONE))
                .contains(
                        file + " was changed while this process keeps it, so it is not written over. Stop the process,"
                                + " edit the file, and start it.");
        assertThat(Files.readString(file)).isEqualTo("edited");
        assertThat(identities.memory().databases().get(0).conflict()).isPresent();
    }

    @Test
    void a_file_that_was_removed_is_written_anew_and_a_link_is_kept() throws IOException {
        var target = folder.resolve("target.yaml");
        Files.writeString(target, "apiVersion: kms-guard.io/v1\nkind: ParticipantIdentities\ndatabases: []\n");
        Files.createSymbolicLink(file, target);
        var identities = new IdentityFile(file);
        assertThat(identities.open()).isEmpty();
        assertThat(identities.update(running(Workloads.participant()), DAY, KmsDrivers.NONE))
                .isEqualTo(Optional.empty());
        assertThat(Files.isSymbolicLink(file)).isTrue();
        assertThat(Files.readString(target)).contains("participant_0");
        Files.delete(file);
        assertThat(identities.update(running(), DAY, KmsDrivers.NONE)).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(Files.readString(target));
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("world", "identities.yaml", "target.yaml");
        }
    }
}
