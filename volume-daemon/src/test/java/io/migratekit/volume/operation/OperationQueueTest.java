package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.OperationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who has a volume, and who waits. */
final class OperationQueueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void leavesAVolumeToItsOperation() throws InterruptedException {
        OperationQueue queue = new OperationQueue(work -> new Thread(work).start(), 10);
        CountDownLatch begun = new CountDownLatch(1);
        assertThat(queue.ifIdle(Set.of("volume:a"), () -> {
                    queue.add(new OperationId("op-1"), Set.of("volume:a"), begun::countDown);
                    assertThat(begun.getCount()).as("it waits for the turn").isEqualTo(1);
                    assertThat(queue.size()).isEqualTo(1);
                    assertThat(queue.ifIdle(Set.of("volume:a"), begun::countDown))
                            .isFalse();
                }))
                .isTrue();
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void waitsForWhoLooksAtTheSame() throws Exception {
        OperationQueue queue = new OperationQueue(work -> new Thread(work).start(), 10);
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        List<Boolean> done = AtOnce.run(3, number -> {
            if (number == 0) {
                return queue.ifIdle(Set.of("volume:a"), () -> {
                    looking.countDown();
                    awaitUninterrupted(ending);
                    order.add("who looked first");
                });
            }
            looking.await();
            if (number == 1) {
                return queue.ifIdle(Set.of("volume:a"), () -> order.add("who looked next"));
            }
            ending.countDown();
            return true;
        });
        assertThat(done).containsOnly(true);
        assertThat(order).containsExactly("who looked first", "who looked next");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void startsNothingMoreOnceItIsEnding() {
        List<Runnable> begun = new ArrayList<>();
        OperationQueue queue = new OperationQueue(begun::add, 10);
        queue.add(new OperationId("op-1"), Set.of("volume:a"), () -> {});
        queue.add(new OperationId("op-2"), Set.of("volume:a"), () -> {});
        queue.close();
        begun.get(0).run();
        assertThat(begun).hasSize(1);
        assertThat(queue.size()).as("waits for the next daemon").isEqualTo(1);
    }

    @Test
    void waitsForWhoHasWhatAnOperationWantsBesides() throws InterruptedException {
        OperationQueue queue = new OperationQueue(work -> new Thread(work).start(), 10);
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch bothAtWork = new CountDownLatch(1);
        OperationId widening = new OperationId("op-1");
        OperationId last = new OperationId("op-3");
        queue.add(widening, Set.of("volume:a"), () -> {
            try {
                bothAtWork.await();
                queue.widen(widening, Set.of("volume:b", "volume:c"));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            order.add("the one that wanted more");
        });
        queue.add(new OperationId("op-2"), Set.of("volume:b"), () -> {
            bothAtWork.countDown();
            while (queue.idle(Set.of("volume:c"))) {
                Thread.onSpinWait();
            }
            queue.add(last, Set.of("volume:b"), () -> order.add("the one behind"));
            order.add("the one that had it");
        });
        assertThat(bothAtWork.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        while (queue.size() > 0) {
            queue.await(widening, PATIENCE.toMillis());
            queue.await(last, PATIENCE.toMillis());
        }
        assertThat(order).containsExactly("the one that had it", "the one that wanted more", "the one behind");
    }

    @Test
    void worksOnSoManyAtATimeAndOnAllInTheEnd() throws InterruptedException {
        OperationQueue queue = new OperationQueue(work -> new Thread(work).start(), 2);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(20);
        for (int number = 0; number < 20; number++) {
            queue.add(new OperationId("op-" + number), Set.of("volume:" + number), () -> {
                most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                atWork.decrementAndGet();
                done.countDown();
            });
        }
        assertThat(done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
