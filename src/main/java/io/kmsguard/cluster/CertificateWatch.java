// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, each by name, the Secret with an installation's certificates and its webhook configurations. It goes on whatever the
 * API server says. Safe for use by many threads.
 */
public final class CertificateWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Secret> secret;
    private final CountDownLatch first = new CountDownLatch(1);

    private volatile Runnable changed = () -> {};

    /** Asks for nothing before {@link #start}. */
    public CertificateWatch(ClusterClient cluster, Installation installation) {
        var client = cluster.client();
        var name = installation.name();
        var v1 = client.admissionRegistration().v1();
        this.secret = watch(
                "Secret " + installation.namespace() + "/" + installation.certificates(),
                client.secrets().inNamespace(installation.namespace()).withName(installation.certificates()));
        watch(
                "ValidatingWebhookConfiguration " + name,
                v1.validatingWebhookConfigurations().withName(name));
        watch(
                "MutatingWebhookConfiguration " + name,
                v1.mutatingWebhookConfigurations().withName(name));
    }

    /**
     * Begins, without waiting for the API server.
     *
     * @param onChange called after each change, by a thread that must not be held up
     */
    public void start(Runnable onChange) {
        changed = onChange;
        for (var informer : informers) {
            var started = informer.start();
            if (informer == secret) {
                var unused = started.whenComplete((done, failure) -> first.countDown());
            }
        }
    }

    /** Returns when the Secret was seen, or there was trouble with a watch, or that time is over, or the thread is interrupted. */
    public void await(Duration most) {
        try {
            var unused = first.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private <T extends HasMetadata> SharedIndexInformer<T> watch(String what, Informable<T> one) {
        var informer = one.runnableInformer(0);
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                seen(what);
            }

            @Override
            public void onUpdate(T before, T after) {
                seen(what);
            }

            @Override
            public void onDelete(T object, boolean unknown) {
                seen(what);
            }
        });
        informer.exceptionHandler((isStarted, failure) -> {
            trouble(what, ApiTrouble.of(failure, "watch " + what));
            return true;
        });
        informers.add(informer);
        return informer;
    }

    private void seen(String what) {
        troubles.remove(what);
        changed.run();
    }

    private void trouble(String what, String why) {
        first.countDown();
        if (!why.equals(troubles.put(what, why))) {
            LOG.atWarn().addKeyValue("problem", why).log("a watch has trouble and goes on");
        }
    }

    /** What the Secret holds, by key, as last seen; with private keys. Empty until it was seen once. */
    public Optional<Map<String, String>> texts() {
        if (!secret.hasSynced()) {
            return Optional.empty();
        }
        return Optional.of(secret.getStore().list().stream()
                .findFirst()
                .map(CertificateSecret::texts)
                .orElse(Map.of()));
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }
}
