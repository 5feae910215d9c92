// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {

    @TempDir
    Path folder;

    private Path write(String name, String content) throws IOException {
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, content);
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
    }

    private static ManifestReader.Reading read(Object... names) {
        return ManifestFiles.read(List.of(names).stream().map(String::valueOf).toList(), InputStream.nullInputStream());
    }

    private static List<String> names(ManifestReader.Reading reading) {
        return reading.manifests().stream()
                .map(manifest -> manifest.ref("default").name())
                .toList();
    }

    @Test
    void reads_folders_by_name_and_leaves_other_and_hidden_files() throws IOException {
        write("b.yaml", configMap("b"));
        write("a/c.yml", configMap("c"));
        write("a/d.JSON", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"d\"}}");
        write("values.txt", "no: manifest");
        write(".hidden.yaml", configMap("hidden"));
        write(".git/x.yaml", configMap("hidden"));
        assertThat(names(read(folder))).containsExactly("c", "d", "b");
        assertThat(read(folder).problems()).isEmpty();
    }

    @Test
    void reads_each_file_once_whatever_leads_to_it() throws IOException {
        var file = write("a/a.yaml", configMap("a"));
        Files.createSymbolicLink(folder.resolve("a/loop"), folder);
        Files.createSymbolicLink(folder.resolve("b.yaml"), file);
        assertThat(names(read(file, folder, file))).containsExactly("a");
        assertThat(read(folder).problems()).isEmpty();
    }

    @Test
    void keeps_the_order_of_the_names_and_reads_standard_input_once() throws IOException {
        var file = write("a.txt", configMap("a"));
        var in = new ByteArrayInputStream(configMap("in").getBytes(StandardCharsets.UTF_8));
        var reading = ManifestFiles.read(List.of("-", file.toString(), "-"), in);
        assertThat(names(reading)).containsExactly("in", "a");
        assertThat(reading.manifests().get(0).file()).isEqualTo("-");
    }

    @Test
    void names_what_cannot_be_read_and_reads_the_rest() throws IOException {
        var file = write("a.yaml", configMap("a"));
        var binary = folder.resolve("b.yaml");
        Files.write(binary, new byte[] {'a', (byte) 0xC3, (byte) 0x28});
        var absent = folder.resolve("absent.yaml");
        var reading = read(absent, file, binary, "a\0b");
        assertThat(names(reading)).containsExactly("a");
        assertThat(reading.problems())
                .containsExactlyInAnyOrder(
                        new ManifestProblem(absent.toString(), 0, "there is no such file"),
                        new ManifestProblem(binary.toString(), 0, "this is not text in UTF-8"),
                        new ManifestProblem("a\0b", 0, "this is no name that a file can have"));
    }

    @Test
    void refuses_what_is_too_large_without_reading_it_all() throws IOException {
        var file = write("a.yaml", "#".repeat(2 * 1024 * 1024));
        var reading = ManifestFiles.read(List.of(file.toString()), InputStream.nullInputStream(), 1024 * 1024);
        assertThat(reading.problems())
                .containsExactly(new ManifestProblem(file.toString(), 0, "this is larger than 1 MiB; split it"));
    }

    @Test
    void reads_utf_16_as_powershell_writes_it() throws IOException {
        var file = folder.resolve("a.yaml");
        Files.write(file, ("\uFEFF" + configMap("a")).getBytes(StandardCharsets.UTF_16LE));
        assertThat(names(read(file))).containsExactly("a");
    }
}
