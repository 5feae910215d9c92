// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.WatchedConfigMap;
import io.kmsguard.cluster.WatchedSurroundings;
import io.kmsguard.server.Readiness.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The world that a server judges by, and a thread that looks after it. */
final class ServeWorld implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServeWorld.class);

    private static final State NOT_ASKED = State.not("the cluster was not asked yet");

    /** How often a cluster is asked whether it still answers. */
    private static final Duration ASK = Duration.ofSeconds(5);

    /** How often a watch is asked how it does; only memory is looked at. */
    private static final Duration LISTEN = Duration.ofMillis(100);

    /** How often the names, sizes and times of files are compared. */
    private static final Duration COMPARE = Duration.ofSeconds(2);

    /**
     * What is listened to where the guard is installed.
     *
     * @param policy the ConfigMap with the policy
     */
    record Listening(WatchedSurroundings world, WatchedConfigMap policy) {
        private void close() {
            world.close();
            policy.close();
        }
    }

    private final Surroundings surroundings;
    private final Optional<Listening> listening;
    private final String description;
    private final Runnable release;
    private final Repeating thread = new Repeating("world");
    private volatile State state;

    private ServeWorld(
            Surroundings surroundings,
            Optional<Listening> listening,
            String description,
            State state,
            Runnable release) {
        this.surroundings = surroundings;
        this.listening = listening;
        this.description = description;
        this.state = state;
        this.release = release;
    }

    /** A live cluster. Not ready until it has answered; each review asks it anew. */
    static ServeWorld cluster(ClusterAccess.Configured access) {
        var cluster = ClusterSurroundings.of(access);
        var world = new ServeWorld(cluster, Optional.empty(), access.where(), NOT_ASKED, cluster::close);
        world.look(ASK, () -> cluster.trouble(Deadline.in(ASK)).map(State::not).orElseGet(State::ok));
        return world;
    }

    /**
     * The cluster that the guard is installed in, listened to. Not ready until everything there is was heard of; then it stays so, for what is not heard is
     * asked for, and what cannot be told is named in the review.
     */
    static ServeWorld installed(ClusterAccess.Configured access, Installation installation) {
        var cluster = ClusterSurroundings.of(access);
        var watched = new WatchedSurroundings(cluster, installation);
        var listening = new Listening(watched, WatchedConfigMap.policy(cluster, installation));
        var world = new ServeWorld(watched, Optional.of(listening), access.where(), NOT_ASKED, listening::close);
        world.look(
                LISTEN,
                () -> watched.trouble()
                        .map(why -> watched.isSynced() ? State.ok(why) : State.not(why))
                        .orElseGet(() -> watched.isSynced() ? State.ok() : world.state));
        return world;
    }

    /** A folder of manifests, read again when a file in it changes. */
    static ServeWorld manifests(ServeManifests manifests) {
        var world = new ServeWorld(
                manifests, Optional.empty(), "the manifests in " + manifests.folder(), State.ok(), () -> {});
        world.look(COMPARE, () -> {
            var old = manifests.refresh().map(why -> "the manifests as they were before are in force: " + why);
            var unwritten = manifests.remember().map(why -> "what was seen is not written down: " + why);
            return old.or(() -> unwritten).map(State::ok).orElseGet(State::ok);
        });
        return world;
    }

    private void look(Duration interval, Supplier<State> look) {
        thread.every(interval, () -> update(look.get()), () -> state = State.not("could not be told; see the log"));
    }

    private void update(State now) {
        if (!now.equals(state)) {
            LOG.atInfo()
                    .addKeyValue("ready", now.ready())
                    .addKeyValue("detail", now.detail())
                    .log("the world changed its state");
        }
        state = now;
    }

    /** What is listened to, if anything. */
    Optional<Listening> listening() {
        return listening;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** What a person calls it. */
    String description() {
        return description;
    }

    /** As it was when last looked at. */
    State state() {
        return state;
    }

    @Override
    public void close() {
        thread.close();
        release.run();
    }
}
