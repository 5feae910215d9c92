// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The credential plugin of a kubeconfig's user ({@code exec}; Kubernetes documentation, "client-go credential plugins"), run as
 * kubectl does. The client would hand its arguments to a shell, and would log what it prints, which is the token.
 */
final class CredentialPlugin implements OAuthTokenProvider {

    private static final JsonMapper JSON = new JsonMapper();

    /** Long enough for a person to log in by a browser. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long a plugin that failed is left alone. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int MOST_BYTES = 1 << 20;

    private final ExecConfig exec;
    private final List<String> command;
    private final String info;

    private Credential current = new Credential("", "", "", Optional.empty());

    /**
     * What a plugin gives. Never printed.
     *
     * @param certificate PEM; empty where it gives a token only, as is the key
     * @param until when to ask again
     */
    private record Credential(String token, String certificate, String key, Optional<Instant> until) {
        @Override
        public String toString() {
            return "Credential[hidden]";
        }
    }

    /** Why there is no credential, as a clause that begins with a verb. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * One that was not run yet.
     *
     * @param command the plugin, where it is to be found
     * @param cluster what it is told of the cluster; empty where the kubeconfig does not want that
     */
    CredentialPlugin(ExecConfig exec, String command, Optional<JsonNode> cluster) {
        this.exec = exec;
        this.command = new ArrayList<>(List.of(command));
        this.command.addAll(Optional.ofNullable(exec.getArgs()).orElse(List.of()));
        var told = JSON.createObjectNode().put("kind", "ExecCredential").put("apiVersion", exec.getApiVersion());
        var spec = told.putObject("spec").put("interactive", false);
        cluster.ifPresent(about -> spec.set("cluster", about));
        this.info = told.toString();
    }

    /**
     * Runs it, and gives the client what comes of it.
     *
     * @return why there is nothing, as a clause that names the plugin
     */
    Optional<String> logIn(Config config) {
        try {
            current = run();
        } catch (Refused refused) {
            return Optional.of("the credential plugin " + exec.getCommand() + ", which " + refused.why());
        }
        if (!current.certificate().isEmpty()) {
            config.setClientCertData(base64(current.certificate()));
            config.setClientKeyData(base64(current.key()));
        }
        // With a provider the client reads the kubeconfig never again, and so runs no plugin itself.
        config.setOauthTokenProvider(this);
        return Optional.empty();
    }

    private static String base64(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }

    /** The token; empty where the plugin gives a certificate. One that has ended is asked for anew. */
    @Override
    public synchronized String getToken() {
        var now = Instant.now();
        if (current.until().filter(end -> !now.isBefore(end)).isPresent()) {
            try {
                current = run();
            } catch (Refused later) {
                // The API server says that the old one is over.
                current = new Credential(
                        current.token(), current.certificate(), current.key(), Optional.of(now.plus(PAUSE)));
            }
        }
        return current.token();
    }

    private Credential run() throws Refused {
        // What it says beside its result may quote the credential; kubectl is there to show it.
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("KUBERNETES_EXEC_INFO", info);
        Optional.ofNullable(exec.getEnv())
                .orElse(List.of())
                .forEach(variable -> builder.environment().put(variable.getName(), variable.getValue()));
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException absent) {
            throw new Refused("cannot be started");
        }
        try {
            var output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            var text = output.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                throw new Refused("ended with exit code " + process.exitValue());
            }
            return credential(text);
        } catch (TimeoutException late) {
            throw new Refused("did not end within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException broken) {
            throw new Refused("broke off");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Refused("was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] read(InputStream from) {
        try (from) {
            return from.readNBytes(MOST_BYTES);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Credential credential(byte[] text) throws Refused {
        JsonNode answer;
        try {
            answer = JSON.readTree(text);
        } catch (JacksonException quoting) {
            answer = JSON.createObjectNode();
        }
        if (!answer.path("kind").asString("").equals("ExecCredential")
                || !answer.path("apiVersion").asString("").equals(exec.getApiVersion())) {
            throw new Refused("printed no ExecCredential of " + exec.getApiVersion());
        }
        var status = answer.path("status");
        var token = status.path("token").asString("");
        var certificate = status.path("clientCertificateData").asString("");
        var key = status.path("clientKeyData").asString("");
        if (certificate.isEmpty() != key.isEmpty() || (token.isEmpty() && key.isEmpty())) {
            throw new Refused("gave neither a token nor a client certificate with its key");
        }
        return new Credential(
                token,
                certificate,
                key,
                until(status.path("expirationTimestamp").asString("")));
    }

    private static Optional<Instant> until(String timestamp) throws Refused {
        try {
            return timestamp.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(timestamp));
        } catch (DateTimeParseException noTime) {
            throw new Refused("gave an expirationTimestamp that is no time");
        }
    }
}
