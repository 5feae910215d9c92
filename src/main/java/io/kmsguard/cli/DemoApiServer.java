// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Patches;
import io.kmsguard.admission.Webhook;
import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The demo's API server: sends an object through both webhooks over HTTPS, and stores what was admitted. */
final class DemoApiServer {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final DemoCluster cluster;
    private final URI webhook;
    private final HttpClient client;

    /**
     * Trusts that authority only, and looks at the name in the certificate.
     *
     * @param webhook where the guard listens
     * @param caPem the authority of its certificate
     */
    DemoApiServer(DemoCluster cluster, URI webhook, String caPem) throws GeneralSecurityException, IOException {
        this.cluster = cluster;
        this.webhook = webhook;
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(caPem))
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(TIMEOUT)
                .build();
    }

    private static SSLContext trusting(String caPem) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Creates the object, or updates the one of its name. */
    DemoAnswer apply(JsonNode object) throws IOException, InterruptedException {
        var operation = cluster.find(object).isPresent() ? Operation.UPDATE : Operation.CREATE;
        var mutated = send(Webhook.MUTATE, operation, object);
        var operations = operations(mutated);
        var completed = Patches.apply(object, operations);
        var validated = send(Webhook.VALIDATE, operation, completed);
        var allowed =
                mutated.path("allowed").asBoolean() && validated.path("allowed").asBoolean();
        if (allowed) {
            cluster.put(completed);
        }
        var warnings = new ArrayList<String>();
        mutated.path("warnings").forEach(warning -> warnings.add(warning.asString()));
        validated.path("warnings").forEach(warning -> warnings.add(warning.asString()));
        var decision = allowed ? warnings.isEmpty() ? Decision.ALLOW : Decision.WARN : Decision.DENY;
        return new DemoAnswer(
                operation,
                decision,
                rules(validated, decision),
                validated.path("status").path("message").asString(""),
                List.copyOf(warnings),
                operations.stream()
                        .filter(each -> each.path().endsWith("/-"))
                        .map(DemoApiServer::entry)
                        .toList());
    }

    private JsonNode send(Webhook path, Operation operation, JsonNode object) throws IOException, InterruptedException {
        var uid = UUID.randomUUID().toString();
        var request = HttpRequest.newBuilder(webhook.resolve(path.path() + "?timeout=5s"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(review(uid, operation, object))))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        var response =
                answer.statusCode() == 200 ? JSON.readTree(answer.body()).path("response") : JSON.createObjectNode();
        if (!response.path("uid").asString("").equals(uid)) {
            throw new IOException(path.path() + " did not answer the review (HTTP " + answer.statusCode() + ")");
        }
        return response;
    }

    private ObjectNode review(String uid, Operation operation, JsonNode object) {
        var ref = DemoCluster.ref(object);
        var group = ref.kind().equals("Deployment") ? "apps" : "";
        var review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request").put("uid", uid);
        request.putObject("kind").put("group", group).put("version", "v1").put("kind", ref.kind());
        request.putObject("resource")
                .put("group", group)
                .put("version", "v1")
                .put("resource", ref.kind().toLowerCase(Locale.ROOT) + "s");
        request.put("namespace", ref.namespace()).put("name", ref.name());
        request.put("operation", operation.name()).put("dryRun", false);
        request.putObject("userInfo").put("username", "operator");
        request.set("object", object);
        cluster.find(object).ifPresent(old -> request.set("oldObject", old));
        return review;
    }

    private static List<PatchOperation> operations(JsonNode response) {
        var patch = Base64.getDecoder().decode(response.path("patch").asString(""));
        var operations = new ArrayList<PatchOperation>();
        if (patch.length > 0) {
            for (var operation : JSON.readTree(patch)) {
                operations.add(new PatchOperation(operation.path("path").asString(""), operation.path("value")));
            }
        }
        return List.copyOf(operations);
    }

    private static String entry(PatchOperation operation) {
        var list = operation.path().substring(0, operation.path().length() - 2);
        var name =
                operation.value() instanceof JsonNode value ? value.path("name").asString("") : "";
        return list.substring(list.lastIndexOf('/') + 1) + " " + name;
    }

    private static List<String> rules(JsonNode response, Decision decision) {
        var rules = response.path("auditAnnotations").path(decision.id()).asString("");
        return rules.isEmpty() ? List.of() : List.of(rules.split(",", -1));
    }
}
