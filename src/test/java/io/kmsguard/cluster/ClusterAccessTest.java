// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path kubeconfig(String name, String current) throws IOException {
        return write(name, """
                apiVersion: v1
                kind: Config
                %s
                clusters:
                - name: one
                  cluster: {server: "https://one.example:6443"}
                - name: two
                  cluster: {server: "https://two.example:6443"}
                users:
                - name: operator
                  user: {token: hunter2}
                contexts:
                - name: first
                  context: {cluster: one, user: operator}
                - name: second
                  context: {cluster: two, user: operator}
                """.formatted(current));
    }

    private static ClusterAccess find(Optional<Path> file, Optional<String> context, Map<String, String> env) {
        return ClusterAccess.find(file.map(Path::toFile), context, env);
    }

    private static String where(ClusterAccess access) {
        assertThat(access).isInstanceOf(ClusterAccess.Configured.class);
        var configured = (ClusterAccess.Configured) access;
        return configured.where() + " at " + configured.config().getMasterUrl();
    }

    private static String why(ClusterAccess access) {
        assertThat(access).isInstanceOf(ClusterAccess.Missing.class);
        return ((ClusterAccess.Missing) access).why();
    }

    @Test
    void takes_the_current_context_of_the_file_named() throws IOException {
        var file = kubeconfig("config", "current-context: first");

        var access = find(Optional.of(file), Optional.empty(), Map.of("KUBECONFIG", "elsewhere"));

        assertThat(where(access)).isEqualTo("the cluster of context first at https://one.example:6443/");
        assertThat(access.toString()).isEqualTo("Configured[the cluster of context first]");
    }

    @Test
    void takes_another_context_where_asked() throws IOException {
        var file = kubeconfig("config", "current-context: first");

        assertThat(where(find(Optional.empty(), Optional.of("second"), Map.of("KUBECONFIG", file.toString()))))
                .isEqualTo("the cluster of context second at https://two.example:6443/");
    }

    @Test
    void skips_files_of_the_environment_that_are_not_there() throws IOException {
        var file = kubeconfig("config", "current-context: first");
        var list = folder.resolve("none") + File.pathSeparator + file;

        assertThat(where(find(Optional.empty(), Optional.empty(), Map.of("KUBECONFIG", list))))
                .isEqualTo("the cluster of context first at https://one.example:6443/");
    }

    @Test
    void takes_the_file_in_the_home_folder() throws IOException {
        kubeconfig(".kube/config", "current-context: second");

        assertThat(where(find(Optional.empty(), Optional.empty(), Map.of("HOME", folder.toString()))))
                .isEqualTo("the cluster of context second at https://two.example:6443/");
    }

    @Test
    void in_a_pod_takes_the_cluster_around_it() {
        var access = find(
                Optional.empty(),
                Optional.empty(),
                Map.of("HOME", folder.toString(), "KUBERNETES_SERVICE_HOST", "10.0.0.1"));

        assertThat(access.toString()).isEqualTo("Configured[the cluster that this pod runs in]");
    }

    @Test
    void refuses_a_context_that_the_file_does_not_have() throws IOException {
        var file = kubeconfig("config", "current-context: first");

        assertThat(why(find(Optional.of(file), Optional.of("prod"), Map.of())))
                .isEqualTo("The kubeconfig file " + file + " has no context prod; it has: first, second.");
    }

    @Test
    void refuses_a_file_without_a_current_context() throws IOException {
        var file = kubeconfig("config", "");

        assertThat(why(find(Optional.of(file), Optional.empty(), Map.of())))
                .isEqualTo("The kubeconfig file " + file
                        + " has no current context. Give --context NAME; it has: first, second.");
    }

    @Test
    void refuses_files_that_are_no_kubeconfig_without_quoting_them() throws IOException {
        for (var text : new String[] {"{ token: [hunter2", "hunter2"}) {
            var file = write("config", text);

            assertThat(why(find(Optional.of(file), Optional.empty(), Map.of())))
                    .isEqualTo("The kubeconfig file " + file + " cannot be read as one.");
        }
    }

    @Test
    void refuses_files_that_are_named_and_not_there() {
        var file = folder.resolve("none");

        assertThat(why(find(Optional.of(file), Optional.empty(), Map.of())))
                .isEqualTo("The kubeconfig file " + file + " does not exist.");
        assertThat(why(find(Optional.empty(), Optional.empty(), Map.of("KUBECONFIG", file.toString()))))
                .isEqualTo("The kubeconfig file " + file + " does not exist (KUBECONFIG names it).");
    }

    @Test
    void says_where_it_looked_when_there_is_nothing() {
        assertThat(why(find(Optional.empty(), Optional.empty(), Map.of("HOME", folder.toString()))))
                .isEqualTo("No cluster is configured: there is no kubeconfig file (KUBECONFIG, "
                        + folder.resolve(".kube/config")
                        + ") and this is no pod of a cluster. Give --kubeconfig FILE, or --manifests DIR for a folder"
                        + " of manifests instead of a cluster.");
    }

    private ClusterAccess withUser(String cluster, String user) throws IOException {
        var file = write("files", """
                apiVersion: v1
                kind: Config
                current-context: a
                contexts: [{name: a, context: {cluster: a, user: a}}]
                clusters: [{name: a, cluster: {server: "https://one.example:6443"%s}}]
                users: [{name: a, user: {%s}}]
                """.formatted(cluster, user));
        return find(Optional.of(file), Optional.empty(), Map.of());
    }

    @Test
    void names_the_file_that_a_kubeconfig_names_and_that_cannot_be_read() throws IOException {
        var file = "The kubeconfig file " + folder.resolve("files") + " names ";
        assertThat(why(withUser(", certificate-authority: /absent/ca.crt", "token: hunter2")))
                .isEqualTo(file + "certificate-authority /absent/ca.crt, which cannot be read.");
        assertThat(why(withUser("", "client-certificate: /absent/tls.crt, client-key: /absent/tls.key")))
                .isEqualTo(file + "client-certificate /absent/tls.crt, which cannot be read.");
        assertThat(where(withUser(
                        ", certificate-authority: /absent/ca.crt, certificate-authority-data: aGVsbG8=",
                        "token: hunter2")))
                .as("the text goes before the file")
                .isEqualTo("the cluster of context a at https://one.example:6443/");
        write("tls.crt", "hello");
        assertThat(why(withUser("", "client-certificate: tls.crt, client-key: /absent/tls.key")))
                .isEqualTo(file + "client-key /absent/tls.key, which cannot be read.");
    }

    @Test
    void says_that_a_client_certificate_is_none_without_its_text() throws IOException {
        assertThat(why(withUser("", "client-certificate-data: aGVsbG8=, client-key-data: aHVudGVyMg==")))
                .isEqualTo("The kubeconfig file " + folder.resolve("files") + " has a client certificate and key that"
                        + " cannot be used: they are no certificate and its private key, both as PEM.");
    }
}
