// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.IdentityText;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The identity memory of an installation: one text in one ConfigMap, read by each replica, written by one. A text that is not
 * understood is told and never written over. Safe for use by many threads.
 */
public final class RememberedIdentities implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY = "identities.yaml";

    /** Kubernetes takes 1 MiB of a ConfigMap; what it adds itself is little. */
    private static final int MOST_BYTES = 1_000_000;

    private final ClusterSurroundings cluster;
    private final ObjectRef ref;
    private final WatchedConfigMap watch;
    private volatile Understood understood = new Understood("", Lookup.found(IdentityMemory.EMPTY));

    /** What came of a text; reading a long one anew for each review would take longer than the review. */
    private record Understood(String text, Lookup<IdentityMemory> memory) {}

    RememberedIdentities(ClusterSurroundings cluster, Installation installation) {
        this.cluster = cluster;
        this.ref = new ObjectRef("ConfigMap", installation.namespace(), installation.identities());
        this.watch = WatchedConfigMap.identities(cluster, installation);
    }

    void start(Runnable onChange) {
        watch.start(onChange);
    }

    boolean isSeen() {
        return watch.isSeen();
    }

    /** Why it cannot be heard of or understood, in a clause. */
    Optional<String> trouble() {
        return watch.trouble()
                .or(() -> isSeen() && memory(watch.texts()) instanceof Lookup.Unknown<IdentityMemory> unknown
                        ? Optional.of(unknown.why())
                        : Optional.empty());
    }

    /** As last heard. */
    Lookup<List<Sighting>> heard() {
        return isSeen()
                ? memory(watch.texts()).map(IdentityMemory::sightings)
                : Lookup.unknown("what is remembered of databases, " + ref + ", was not read yet");
    }

    /** As it is now. */
    Lookup<List<Sighting>> asked(Deadline deadline) {
        return read(deadline).map(held -> held.memory().sightings());
    }

    /** One that is gone is no empty one: what it knew would count as never seen. */
    private Lookup<IdentityMemory> memory(Optional<Map<String, String>> texts) {
        if (texts.isEmpty()) {
            return Lookup.unknown("what is remembered of databases is lost: " + ref + " is not there; an upgrade of the"
                    + " guard makes one that is empty");
        }
        var text = texts.get().getOrDefault(KEY, "");
        var last = understood;
        if (!last.text().equals(text)) {
            last = new Understood(text, read(text));
            understood = last;
        }
        return last.memory();
    }

    private Lookup<IdentityMemory> read(String text) {
        if (text.isBlank()) {
            return Lookup.found(IdentityMemory.EMPTY);
        }
        var reading = IdentityText.read(text);
        if (reading instanceof IdentityText.Reading.Refused refused) {
            var first = refused.problems().get(0);
            return Lookup.unknown("what is remembered of databases cannot be read: " + ref + " " + KEY + ":"
                    + first.line() + ": " + first.message());
        }
        return Lookup.found(((IdentityText.Reading.Read) reading).memory());
    }

    /**
     * What was read to be written over.
     *
     * @param version of the ConfigMap; a write on top of it fails where there is a newer one
     */
    public record Held(String version, IdentityMemory memory) {}

    /** Asks the API server; never {@link Lookup.Absent}. */
    public Lookup<Held> read(Deadline deadline) {
        var found = cluster.get(ref, deadline);
        if (found instanceof Lookup.Unknown<JsonNode> unknown) {
            return Lookup.unknown("what is remembered of databases is not known: " + unknown.why());
        }
        var object = found.toOptional();
        return memory(object.map(WatchedConfigMap::texts))
                .map(memory -> new Held(
                        object.map(it -> it.path("metadata")
                                        .path("resourceVersion")
                                        .asString(""))
                                .orElse(""),
                        memory));
    }

    /**
     * Puts another memory in the place of the one that was read, if nobody else did meanwhile.
     *
     * @param client of an account that may write
     */
    public Outcome write(ClusterClient client, Held before, IdentityMemory memory) {
        var text = IdentityText.write(memory);
        var bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            // Nothing is forgotten to make room: what is forgotten could be done over.
            return new Outcome.Trouble(ref + " is full: " + memory.sightings().size() + " databases take " + bytes
                    + " bytes; remove the entries of databases that were dropped");
        }
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", before.version());
        patch.putObject("data").put(KEY, text);
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        try {
            client.client()
                    .configMaps()
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .patch(context, patch.toString());
            return new Outcome.Done();
        } catch (KubernetesClientException failure) {
            return failure.getCode() == ApiTrouble.CONFLICT
                    ? new Outcome.Overtaken()
                    : new Outcome.Trouble(ApiTrouble.of(failure, "patch " + ref));
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
