// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedListTest {

    private final AtomicInteger lists = new AtomicInteger();

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    @Test
    void those_that_wait_share_the_list_that_begins_after_they_asked() throws Exception {
        var begun = new CountDownLatch(1);
        var waiting = new CountDownLatch(1);
        var shared = new SharedList<Integer>(deadline -> {
            var number = lists.incrementAndGet();
            begun.countDown();
            try {
                waiting.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return Lookup.found(List.of(number));
        });
        var threads = Executors.newCachedThreadPool();
        try {
            var first = threads.submit(() -> shared.get(soon()));
            begun.await();
            var others = new ArrayList<Future<Lookup<List<Integer>>>>();
            for (var i = 0; i < 8; i++) {
                others.add(threads.submit(() -> shared.get(soon())));
            }
            while (shared.waiting() < 8) {
                Thread.onSpinWait();
            }
            waiting.countDown();

            assertThat(first.get()).isEqualTo(Lookup.found(List.of(1)));
            for (var other : others) {
                assertThat(other.get()).isEqualTo(Lookup.found(List.of(2)));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(lists).hasValue(2);
    }

    @Test
    void a_list_that_failed_is_shared_with_nobody_and_one_that_nobody_waits_for_is_not_kept() {
        var shared = new SharedList<Integer>(deadline ->
                lists.incrementAndGet() == 1 ? Lookup.unknown("it broke") : Lookup.found(List.of(lists.get())));

        assertThat(shared.get(soon())).isEqualTo(Lookup.unknown("it broke"));
        assertThat(shared.get(soon())).isEqualTo(Lookup.found(List.of(2)));
        assertThat(shared.get(soon())).isEqualTo(Lookup.found(List.of(3)));
    }

    @Test
    void who_waits_longer_than_his_deadline_is_told_so() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var shared = new SharedList<Integer>(deadline -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return Lookup.found(List.of());
        });
        var thread = new Thread(() -> {
            var unused = shared.get(soon());
        });
        thread.start();
        begun.await();

        assertThat(shared.get(Deadline.in(Duration.ZERO)))
                .isEqualTo(
                        Lookup.unknown("the workloads of the cluster are being listed, and the deadline of this review"
                                + " came first"));
        end.countDown();
        thread.join();
    }
}
