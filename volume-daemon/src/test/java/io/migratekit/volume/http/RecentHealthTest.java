package io.migratekit.volume.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.DaemonHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class RecentHealthTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private volatile boolean hangs;
    private final RecentHealth health = new RecentHealth(this::look, Duration.ZERO, nanos::get);

    @Test
    void looksNotMoreOftenThanEveryTwoSeconds() {
        DaemonHealth first = health.get();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(health.get()).isSameAs(first);
        nanos.addAndGet(1);
        assertThat(health.get()).isNotSameAs(first);
        assertThat(looks).hasValue(2);
    }

    @Test
    void tellsTheLastResultWhileABackEndHangs() throws Exception {
        DaemonHealth before = health.get();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        CompletableFuture<DaemonHealth> looking = hanging();
        for (int i = 0; i < 300; i++) {
            assertThat(health.get()).isSameAs(before);
        }
        answers.countDown();
        assertThat(looking.get()).isNotSameAs(before).isSameAs(health.get());
        assertThat(looks).hasValue(2);
    }

    @Test
    void isNotWellBeforeAnythingWasSeen() throws Exception {
        CompletableFuture<DaemonHealth> looking = hanging();
        assertThat(health.get().healthy()).isFalse();
        assertThat(health.get().checks()).extracting(DaemonHealth.Check::name).containsExactly("first look");
        answers.countDown();
        assertThat(looking.get().healthy()).isTrue();
        assertThat(health.get().healthy()).isTrue();
    }

    private CompletableFuture<DaemonHealth> hanging() throws InterruptedException {
        hangs = true;
        CompletableFuture<DaemonHealth> looking = CompletableFuture.supplyAsync(health::get);
        asked.await();
        return looking;
    }

    private DaemonHealth look() {
        int number = looks.incrementAndGet();
        if (hangs) {
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return DaemonHealth.of(List.of(new DaemonHealth.Check("look " + number, true, "", 0)));
    }
}
