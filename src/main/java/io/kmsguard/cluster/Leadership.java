// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the replicas does what only one may do, by a Lease that is there already. How long another one is silent is measured
 * by the own clock alone, as client-go does, so clocks that disagree do not make two leaders. Safe for use by many threads.
 */
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** Those of the control plane's own components. */
    private static final Times TIMES = new Times(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

    /**
     * @param lease how long a silent leader stays one for the others
     * @param renewal how long a leader that cannot renew stays one for itself; shorter
     * @param retry how often the Lease is looked at
     */
    record Times(Duration lease, Duration renewal, Duration retry) {}

    /** What only the leader does. Both methods are called by one thread, in turns, and return soon. */
    public interface Work {
        /** This replica leads from now on. */
        void begin();

        /** It does not any more; what was begun writes nothing from now on. */
        void end();
    }

    private final KubernetesClient client;
    private final Installation installation;
    private final String identity;
    private final Times times;
    private final List<Work> works = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "kms-guard-leadership");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile boolean leading;
    private volatile long renewed;
    private volatile String trouble = "";
    private String seenVersion = "";
    private String seenHolder = "";
    private long seenAt;

    Leadership(ClusterClient cluster, Installation installation, String identity, Times times) {
        this.client = cluster.client();
        this.installation = installation;
        this.identity = identity;
        this.times = times;
    }

    /**
     * Does not lead before {@link #start}.
     *
     * @param identity what the Lease calls this replica; no other one may have it
     */
    public Leadership(ClusterClient cluster, Installation installation, String identity) {
        this(cluster, installation, identity, TIMES);
    }

    /** Adds what only the leader does; to be called before {@link #start}. */
    public void register(Work work) {
        works.add(work);
    }

    /** Begins to look at the Lease, and returns. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, times.retry().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether this replica may write as the leader at this moment. To be asked before each write. */
    public boolean isLeader() {
        return leading && System.nanoTime() - renewed < times.renewal().toNanos();
    }

    /** What the Lease is called. */
    public String name() {
        return installation.name();
    }

    /** Why the Lease cannot be read or written; empty where it can. */
    public Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    private void look() {
        try {
            contend();
            trouble("");
        } catch (KubernetesClientException failure) {
            if (failure.getCode() != ApiTrouble.CONFLICT) {
                trouble(ApiTrouble.of(failure, "read and patch " + lease()));
            }
        } catch (RuntimeException | Error bug) {
            // Thrown on, it would end the looking for good and in silence.
            LOG.atError().setCause(bug).log("leader election failed and goes on");
        }
        if (leading && !isLeader()) {
            follow("the Lease could not be renewed");
        }
    }

    private void contend() {
        var began = System.nanoTime();
        var record = read();
        if (!record.version().equals(seenVersion)) {
            seenVersion = record.version();
            seenAt = began;
        }
        var mine = record.holder().equals(identity);
        var silent = Duration.ofNanos(began - seenAt).compareTo(record.duration()) > 0;
        if (mine || record.holder().isEmpty() || silent) {
            patch(record.held(identity, times.lease(), Instant.now()));
            renewed = began;
            lead();
            return;
        }
        follow("another one leads");
        if (!record.holder().equals(seenHolder)) {
            LOG.atInfo().addKeyValue("leader", record.holder()).log("another replica leads");
        }
        seenHolder = record.holder();
    }

    private LeaseRecord read() {
        var lease = client.leases()
                .inNamespace(installation.namespace())
                .withName(installation.name())
                .get();
        if (lease == null) {
            throw new KubernetesClientException("no Lease", ApiTrouble.NOT_FOUND, null);
        }
        return LeaseRecord.of(lease, times.lease());
    }

    private void patch(String text) {
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        client.leases()
                .inNamespace(installation.namespace())
                .withName(installation.name())
                .patch(context, text);
    }

    private void lead() {
        if (!leading) {
            leading = true;
            seenHolder = identity;
            LOG.atInfo().addKeyValue("identity", identity).log("leading");
            each(Work::begin);
        }
    }

    private void follow(String why) {
        if (leading) {
            leading = false;
            LOG.atInfo().addKeyValue("reason", why).log("not leading any more");
            each(Work::end);
        }
    }

    private void each(Consumer<Work> call) {
        for (var work : works) {
            try {
                call.accept(work);
            } catch (RuntimeException bug) {
                LOG.atError().setCause(bug).log("a leader's work failed to begin or to end");
            }
        }
    }

    private void trouble(String now) {
        if (!now.isEmpty() && !now.equals(trouble)) {
            LOG.atWarn().addKeyValue("problem", now).log("leader election has trouble");
        }
        trouble = now;
    }

    private String lease() {
        return "Lease " + installation.namespace() + "/" + installation.name();
    }

    /** Ends the leader's work and lets go of the Lease, so that another replica leads at once. */
    @Override
    public void close() {
        try {
            thread.execute(this::release);
            thread.shutdown();
            if (!thread.awaitTermination(times.renewal().toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        if (!leading) {
            return;
        }
        follow("this replica stops");
        try {
            var record = read();
            if (record.holder().equals(identity)) {
                patch(record.released(Instant.now()));
            }
        } catch (KubernetesClientException failure) {
            LOG.atWarn()
                    .addKeyValue("problem", ApiTrouble.of(failure, "release " + lease()))
                    .log("the Lease is left to run out");
        }
    }
}
