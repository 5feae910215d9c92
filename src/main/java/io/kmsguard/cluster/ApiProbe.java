// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions of a person to an API server, one at a time, with that person's rights. */
public final class ApiProbe {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration EACH = Duration.ofSeconds(10);

    private final ClusterClient cluster;
    private final ApiReads reads;

    /** Asks for nothing yet. */
    public ApiProbe(ClusterClient cluster) {
        this.cluster = cluster;
        this.reads = ApiReads.of(cluster.client(), "your");
    }

    /**
     * What came of sending an object.
     *
     * @param code of HTTP; 0 where nobody answered
     * @param body the API server's object; empty of a refusal
     * @param message the API server's own words of a refusal; else empty
     */
    public record Posted(int code, JsonNode body, String message) {}

    /**
     * Reads what is at a path.
     *
     * @param path without a slash before it
     * @param what it is, for messages
     */
    public Lookup<JsonNode> get(String path, String what) {
        var answer = reads.get(path, Deadline.in(EACH));
        if (answer instanceof ApiReads.Answer.Read read) {
            return Lookup.found(read.body());
        }
        if (answer instanceof ApiReads.Answer.Absent) {
            return Lookup.absent();
        }
        return Lookup.unknown(
                answer instanceof ApiReads.Answer.Failed failed
                        ? what + " could not be read: " + failed.why()
                        : "your account lacks the right to read " + what + " (403)");
    }

    /** Why the API server itself does not answer, a clause; empty where it does. */
    public Optional<String> silence() {
        return reads.get("api", Deadline.in(EACH)) instanceof ApiReads.Answer.Failed failed
                ? Optional.of(failed.why())
                : Optional.empty();
    }

    /** Sends an object to a path. */
    public Posted post(String path, JsonNode object) {
        try {
            var text = cluster.client().raw("/" + path, "POST", object.toString());
            return new Posted(201, JSON.readTree(text == null ? "{}" : text), "");
        } catch (KubernetesClientException refused) {
            var status = refused.getStatus();
            var message = status == null ? refused.getMessage() : status.getMessage();
            return new Posted(
                    Math.max(0, refused.getCode()),
                    JSON.createObjectNode(),
                    Optional.ofNullable(message).orElse(""));
        }
    }
}
