// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/**
 * A Secret's directory as the kubelet keeps it (kubernetes pkg/volume/util/atomic_writer.go): files link through {@code
 * ..data}, which links to a directory of the version and is renamed over.
 */
final class KubeletMount {

    private final Path directory;
    private int version;

    KubeletMount(Path directory) throws IOException {
        this.directory = directory;
        for (var name : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
        }
    }

    void show(DevelopmentCertificates certificates) throws IOException {
        var fresh = Files.createDirectory(directory.resolve("..version_" + ++version));
        certificates.writeTo(fresh);
        swap(fresh);
    }

    /** A version with a certificate that the key beside it is not for. */
    void showMismatch(DevelopmentCertificates one, DevelopmentCertificates other) throws IOException {
        var fresh = Files.createDirectory(directory.resolve("..version_" + ++version));
        other.writeTo(fresh);
        var key = Files.readString(fresh.resolve("tls.key"));
        one.writeTo(fresh);
        Files.writeString(fresh.resolve("tls.key"), key);
        swap(fresh);
    }

    void showBroken(String text) throws IOException {
        var fresh = Files.createDirectory(directory.resolve("..version_" + ++version));
        Files.writeString(fresh.resolve("tls.crt"), text);
        Files.writeString(fresh.resolve("tls.key"), text);
        swap(fresh);
    }

    private void swap(Path fresh) throws IOException {
        var data = directory.resolve("..data");
        var old = Files.exists(data) ? data.toRealPath() : fresh;
        var link = directory.resolve("..data_tmp");
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
        if (!old.equals(fresh.toRealPath())) {
            try (var files = Files.walk(old)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
