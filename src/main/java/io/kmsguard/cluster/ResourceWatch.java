// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Lists and watches one kind of object, and keeps of each what a function makes of it: never the object. It goes on whatever the
 * API server says, and knows at each moment whether it hears all that happens. Read by many threads.
 *
 * @param <T> what is kept of an object; two are equal where nothing of it changed
 */
final class ResourceWatch<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);

    private static final Duration LISTING = Duration.ofSeconds(60);

    /** The API server sends a bookmark about once a minute: a longer silence is a connection that leads nowhere. */
    private static final Duration SILENCE = Duration.ofSeconds(90);

    /** After so long the API server ends a watch; not all watches at once. */
    private static final int SHORTEST_SECONDS = 240;

    private static final int LONGEST_SECONDS = 360;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /**
     * What is watched.
     *
     * @param path such as {@code apis/apps/v1/deployments}
     * @param selector more of the query, with {@code &} before it; may be empty
     * @param resource for messages, as is {@code where}
     * @param wanted which objects are read at all where they are listed
     */
    record Target(String path, String selector, String resource, String where, KeptItems.Wanted wanted) {
        /** Of which every object is read. */
        Target(String path, String selector, String resource, String where) {
            this(path, selector, resource, where, KeptItems.ALL);
        }

        @Override
        public String toString() {
            return resource + " " + where;
        }
    }

    private final ApiReads api;
    private final Target target;
    private final Function<JsonNode, Optional<T>> reduce;
    private final Thread thread;
    private final CountDownLatch told = new CountDownLatch(1);

    private volatile Map<String, T> objects = new ConcurrentHashMap<>();
    private volatile Runnable changed = () -> {};
    private volatile boolean synced;
    private volatile boolean connected;
    private volatile long heard;
    private volatile boolean closed;
    private volatile String version = "";
    private volatile String trouble = "";

    /** Of the watch's own thread. */
    private Duration pause = FIRST_PAUSE;

    /**
     * Asks for nothing before {@link #start}.
     *
     * @param reduce what to keep of an object, if anything
     */
    ResourceWatch(ApiReads api, Target target, Function<JsonNode, Optional<T>> reduce) {
        this.api = api;
        this.target = target;
        this.reduce = reduce;
        this.thread = new Thread(this::run, "kms-guard-watch-" + target.path().replaceAll(".*/", ""));
        thread.setDaemon(true);
    }

    /**
     * Begins, without waiting for the API server.
     *
     * @param onChange called after each change of what is kept, by a thread that must not be held up
     */
    void start(Runnable onChange) {
        changed = onChange;
        thread.start();
    }

    /** Returns when everything was listed once, or it is known why not, or that time is over, or the thread is interrupted. */
    void await(Duration most) {
        try {
            var unused = told.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is kept, by namespace and name with a slash between; as last heard. */
    Map<String, T> objects() {
        return Collections.unmodifiableMap(objects);
    }

    /** Whether everything was listed once. */
    boolean isSynced() {
        return synced;
    }

    /** Whether it hears of every change at this moment, as far as anybody can tell. */
    boolean isCurrent() {
        return synced && connected && !isSilent();
    }

    /** Why it does not, in a clause; empty where it does, or has not found out yet. */
    Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    private boolean isSilent() {
        return System.nanoTime() - heard > SILENCE.toNanos();
    }

    private void run() {
        try {
            while (!closed) {
                round();
                Thread.sleep(pause.toMillis() + ThreadLocalRandom.current().nextLong(FIRST_PAUSE.toMillis()));
                pause = longer(pause);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private void round() {
        try {
            if (!version.isEmpty() || list()) {
                watch();
            }
        } catch (RuntimeException | StackOverflowError bug) {
            if (closed) {
                return;
            }
            // Thrown on, it would end the watch for good and in silence.
            LOG.atError().setCause(bug).addKeyValue("watch", target).log("a watch failed and goes on");
            version = "";
            trouble("what the API server sent could not be read; see the log");
        } finally {
            connected = false;
        }
    }

    private boolean list() {
        var listed = new ConcurrentHashMap<String, T>();
        var answer = new ApiLists(api)
                .each(
                        target.path(),
                        target.selector(),
                        target.resource(),
                        target.where(),
                        Deadline.in(LISTING),
                        new ApiLists.Items() {
                            @Override
                            public void begin() {
                                listed.clear();
                            }

                            @Override
                            public boolean wants(byte[] json, int length) {
                                return target.wanted().test(json, length);
                            }

                            @Override
                            public void take(JsonNode item) {
                                reduce.apply(item).ifPresent(kept -> listed.put(key(item), kept));
                            }
                        });
        if (!(answer instanceof Lookup.Found<String> found)) {
            trouble(((Lookup.Unknown<String>) answer).why());
            return false;
        }
        var before = objects;
        objects = listed;
        version = found.value();
        var first = !synced;
        synced = true;
        told.countDown();
        if (first || !listed.equals(before)) {
            changed.run();
        }
        return true;
    }

    private void watch() {
        var seconds = ThreadLocalRandom.current().nextInt(SHORTEST_SECONDS, LONGEST_SECONDS);
        var ended = api.stream(
                target.path() + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&resourceVersion="
                        + version + target.selector(),
                this::opened,
                this::event,
                () -> !closed && !isSilent());
        if (ended.isEmpty()) {
            return;
        }
        if (!connected) {
            // Whatever the reason, the next list tells it better, and mends what a watch cannot.
            version = "";
        }
        trouble(target + " could not be watched: " + api.why(ended.get(), "watch", target.resource(), target.where()));
    }

    private void opened() {
        pause = FIRST_PAUSE;
        heard = System.nanoTime();
        connected = true;
        trouble("");
    }

    private void event(JsonNode event) throws IOException {
        heard = System.nanoTime();
        var type = event.path("type").asString("");
        var object = event.path("object");
        if (type.equals("ERROR")) {
            // Mostly 410: the version is too old to go on from.
            version = "";
            throw new IOException("the API server ended the watch");
        }
        if (!type.equals("BOOKMARK")) {
            take(type.equals("DELETED"), object);
        }
        version = object.path("metadata").path("resourceVersion").asString("");
    }

    private void take(boolean deleted, JsonNode object) throws IOException {
        try {
            var kept = deleted ? Optional.<T>empty() : reduce.apply(object);
            var before = kept.isPresent() ? objects.put(key(object), kept.get()) : objects.remove(key(object));
            if (!Objects.equals(before, kept.orElse(null))) {
                changed.run();
            }
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.atError().setCause(bug).addKeyValue("watch", target).log("an object of a watch cannot be read");
            version = "";
            throw new IOException("an object cannot be read");
        }
    }

    private static String key(JsonNode object) {
        var metadata = object.path("metadata");
        return metadata.path("namespace").asString("") + "/"
                + metadata.path("name").asString("");
    }

    private void trouble(String now) {
        if (!now.isEmpty() && !now.equals(trouble) && !closed) {
            LOG.atWarn().addKeyValue("problem", now).log("a watch has trouble and goes on");
        }
        trouble = now;
        told.countDown();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
