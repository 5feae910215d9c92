// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.IdentityText;
import io.kmsguard.admission.IdentityWriter;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The identity memory of an installation: one text in one ConfigMap, read by each replica, written by one. A text that is not
 * understood is told and never written over. Whatever empties the ConfigMap (an upgrade by force, an edit, a restore), nothing is
 * lost: what a process has known it holds, and a copy that no chart owns outlives the process. Safe for use by many threads.
 */
public final class RememberedIdentities implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY = "identities.yaml";

    /** Kubernetes takes 1 MiB of a ConfigMap; what it adds itself is little. */
    private static final int MOST_BYTES = 1_000_000;

    private static final Duration ASK = Duration.ofSeconds(2);

    private final ClusterSurroundings cluster;
    private final ObjectRef ref;
    private final WatchedConfigMap watch;
    private final ObjectRef copy;
    private volatile Understood understood = new Understood("", Lookup.found(IdentityMemory.EMPTY));
    private IdentityMemory held = IdentityMemory.EMPTY;
    private boolean copyIsKnown;

    /** What came of a text; reading a long one anew for each review would take longer than the review. */
    private record Understood(String text, Lookup<IdentityMemory> memory) {}

    RememberedIdentities(ClusterSurroundings cluster, Installation installation) {
        this.cluster = cluster;
        this.ref = new ObjectRef("ConfigMap", installation.namespace(), installation.identities());
        this.copy = new ObjectRef("ConfigMap", installation.namespace(), installation.identitiesCopy());
        this.watch = WatchedConfigMap.identities(cluster, installation);
    }

    /** The memory of an installation, to be asked for and not listened to. */
    public static RememberedIdentities of(ClusterSurroundings cluster, Installation installation) {
        return new RememberedIdentities(cluster, installation);
    }

    void start(Runnable onChange) {
        watch.start(onChange);
    }

    boolean isSeen() {
        return watch.isSeen();
    }

    /** Why it cannot be heard of or understood, or that something of it was lost, in a clause. */
    Optional<String> trouble() {
        if (watch.trouble().isPresent() || !isSeen()) {
            return watch.trouble();
        }
        var written = written(watch.texts());
        if (written instanceof Lookup.Unknown<IdentityMemory> unknown) {
            return Optional.of(unknown.why());
        }
        var lost = lost(written.toOptional().orElse(IdentityMemory.EMPTY));
        if (watch.texts().isEmpty()) {
            return Optional.of(ref + " is not there; what was remembered of " + lost
                    + " databases holds all the same, and an upgrade of the guard makes the object anew");
        }
        return lost == 0
                ? Optional.empty()
                : Optional.of("of what is remembered of databases, " + ref + " has lost " + lost + " of "
                        + held().databases().size() + "; they hold, and the leader writes them back");
    }

    private int lost(IdentityMemory written) {
        return written.withLost(held()).databases().size() - written.databases().size();
    }

    /** As last heard, with what was lost of it. */
    Lookup<List<Sighting>> heard() {
        if (!isSeen()) {
            return Lookup.unknown("what is remembered of databases, " + ref + ", was not read yet");
        }
        var written = written(watch.texts());
        var whole = written.toOptional()
                .filter(memory -> memory.databases().isEmpty() && !isCopyKnown())
                .isEmpty();
        return (whole
                        ? written
                        : written.then(memory -> copied(Deadline.in(ASK)).map(memory::withLost)))
                .map(memory -> keep(memory).sightings());
    }

    /** As it is now, with what was lost of it. */
    Lookup<List<Sighting>> asked(Deadline deadline) {
        return read(deadline).map(found -> found.memory().sightings());
    }

    /** Since when the object is there. */
    Lookup<Instant> since(Deadline deadline) {
        return cluster.get(ref, deadline).then(object -> {
            try {
                return Lookup.found(Instant.parse(
                        object.path("metadata").path("creationTimestamp").asString("")));
            } catch (DateTimeException none) {
                return Lookup.unknown(ref + " does not say when it was created");
            }
        });
    }

    /** What the object says. One that is gone is no empty one. */
    private Lookup<IdentityMemory> written(Optional<Map<String, String>> texts) {
        if (texts.isEmpty()) {
            return held().databases().isEmpty()
                    ? Lookup.unknown("what is remembered of databases is lost: " + ref
                            + " is not there; an upgrade of the" + " guard makes one that is empty")
                    : Lookup.found(IdentityMemory.EMPTY);
        }
        var text = texts.get().getOrDefault(KEY, "");
        var last = understood;
        if (!last.text().equals(text)) {
            last = new Understood(text, read(text));
            understood = last;
        }
        return last.memory();
    }

    /** With what this process has known, which it then knows. */
    private synchronized IdentityMemory keep(IdentityMemory written) {
        held = written.withLost(held);
        return held;
    }

    private synchronized IdentityMemory held() {
        return held;
    }

    private synchronized boolean isCopyKnown() {
        return copyIsKnown;
    }

    /** What the copy says: an empty memory is so told from a lost one. */
    private Lookup<IdentityMemory> copied(Deadline deadline) {
        var found = cluster.get(copy, deadline);
        if (found instanceof Lookup.Unknown<JsonNode> unknown) {
            return Lookup.unknown("whether what is remembered of databases was lost is not known: " + unknown.why());
        }
        var copied = read(found.toOptional()
                .map(object -> WatchedConfigMap.texts(object).getOrDefault(KEY, ""))
                .orElse(""));
        if (copied instanceof Lookup.Found) {
            synchronized (this) {
                copyIsKnown = true;
            }
        }
        return copied;
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
     * @param written what the ConfigMap says
     * @param copied what its copy says
     * @param memory the first with what was lost of it
     */
    public record Held(String version, IdentityMemory written, IdentityMemory copied, IdentityMemory memory) {}

    /** Asks the API server; never {@link Lookup.Absent}. */
    public Lookup<Held> read(Deadline deadline) {
        var found = cluster.get(ref, deadline);
        if (found instanceof Lookup.Unknown<JsonNode> unknown) {
            return Lookup.unknown("what is remembered of databases is not known: " + unknown.why());
        }
        var object = found.toOptional();
        var written = written(object.map(WatchedConfigMap::texts));
        var version = object.map(
                        it -> it.path("metadata").path("resourceVersion").asString(""))
                .orElse("");
        return written.then(memory ->
                copied(deadline).map(copied -> new Held(version, memory, copied, keep(memory.withLost(copied)))));
    }

    /**
     * Puts another memory in the place of the one that was read, if nobody else did meanwhile.
     *
     * @param client of an account that may write
     */
    public Outcome write(ClusterClient client, Held before, IdentityMemory memory) {
        var text = IdentityWriter.write(memory);
        if (isTooLong(text)) {
            return full(text, memory);
        }
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", before.version());
        patch.putObject("data").put(KEY, text);
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        return tried(
                ref,
                () -> client.client()
                        .configMaps()
                        .inNamespace(ref.namespace())
                        .withName(ref.name())
                        .patch(context, patch.toString()));
    }

    private static boolean isTooLong(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
    }

    /** Nothing is forgotten to make room: what is forgotten could be done over. */
    private Outcome full(String text, IdentityMemory memory) {
        return new Outcome.Trouble(ref + " is full: " + memory.databases().size() + " databases take "
                + text.getBytes(StandardCharsets.UTF_8).length
                + " bytes; kms-guard identities forget takes out those that were dropped");
    }

    /** Writes the copy, which is made where it is not there. */
    public Outcome writeCopy(ClusterClient client, IdentityMemory memory) {
        var text = IdentityWriter.write(memory);
        if (isTooLong(text)) {
            return full(text, memory);
        }
        var object = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(copy.namespace())
                .withName(copy.name())
                .endMetadata()
                .addToData(KEY, text)
                .build();
        return tried(
                copy,
                () -> client.client()
                        .configMaps()
                        .inNamespace(copy.namespace())
                        .resource(object)
                        .fieldManager(ClusterClient.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    /** The client answers with nothing where there is nothing to be patched. */
    private static Outcome tried(ObjectRef ref, Supplier<@Nullable ConfigMap> write) {
        try {
            return write.get() == null ? new Outcome.Trouble(ref + " is not there") : new Outcome.Done();
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
