// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.PolicyFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/** A folder of manifests with SVs and validators of every release in {@code ../shared/corpus}, good and bad. */
final class CorpusFleet {

    private static final Path CORPUS = Path.of("..", "shared", "corpus");
    private static final String SECRET = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: %s
              namespace: sv
            data:
              %s: %s
              %s: %s
            """;

    /** What a namespace holds: files of the corpus, and Secrets. */
    private record Tenant(String name, List<String> files, List<String> secrets) {}

    private CorpusFleet() {}

    static void assumePresent(Class<?> test) {
        if (!Files.isDirectory(CORPUS)) {
            System.out.println("SKIPPED: " + test.getSimpleName() + ": there is no folder " + CORPUS);
        }
        assumeTrue(Files.isDirectory(CORPUS), "there is no folder " + CORPUS);
    }

    /** Writes the manifests into a folder, one file a namespace. */
    static void write(Path folder) throws IOException {
        try (var releases = Files.list(CORPUS)) {
            for (var release : releases.sorted().toList()) {
                for (var tenant : tenants()) {
                    var namespace = "v" + release.getFileName().toString().replace('.', '-') + "-" + tenant.name;
                    var text = new StringBuilder();
                    for (var file : tenant.files) {
                        text.append("---\n").append(Files.readString(release.resolve(file + ".yaml")));
                    }
                    tenant.secrets.forEach(secret -> text.append("---\n").append(secret));
                    Files.writeString(
                            folder.resolve(namespace + ".yaml"),
                            text.toString()
                                    .replaceAll("(?m)^( *namespace:) \"?sv\"?$", "$1 " + namespace)
                                    .replace("participant.sv.svc", "participant." + namespace + ".svc"));
                }
            }
        }
    }

    /** Audits a folder of manifests, always at the same time. */
    static AuditReport audit(Path folder) {
        return ManifestAudit.audit(
                ManifestFiles.read(List.of(folder.toString()), InputStream.nullInputStream()),
                "an example fleet",
                "default",
                PolicyFile.DEFAULT,
                Clock.fixed(AuditReports.EMPTY.at(), ZoneOffset.UTC),
                () -> {});
    }

    private static List<Tenant> tenants() {
        var gcp = secret("gke-credentials", "googleCredentials", "{}", "unused", "");
        var aws = secret("aws-credentials", "accessKeyId", "x", "secretAccessKey", "x");
        var guide = secret("splice-app-sv-cometbft-governance-key", "publicKey", "null", "privateKey", "null");
        return List.of(
                new Tenant("good", List.of("participant-kms-gcp-sample", "sv-external-key"), List.of(gcp, pair())),
                new Tenant("no-flag", List.of("participant-kms-gcp-bare", "sv-cometbft-default"), List.of()),
                new Tenant("no-secret", List.of("participant-kms-aws-sample", "sv-participant-fqdn"), List.of(aws)),
                new Tenant("guide", List.of("participant-kms-gcp-sample", "sv-external-key"), List.of(gcp, guide)),
                new Tenant("plaintext", List.of("participant-kms-driver", "sv-external-key-plaintext"), List.of()),
                new Tenant("no-kms", List.of("participant-no-kms", "sv-cometbft-default"), List.of()),
                new Tenant("validator", List.of("participant-kms-endpoint-unquoted", "sv-validator"), List.of(aws)),
                new Tenant("alone", List.of("participant-kms-placeholders"), List.of()));
    }

    private static String pair() {
        var made = Cli.run("keys", "generate", "--namespace", "sv");
        return made.out();
    }

    private static String secret(String name, String key, String value, String otherKey, String otherValue) {
        return SECRET.formatted(name, key, base64(value), otherKey, base64(otherValue));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
