package io.migratekit.shell.vma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobIds;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ChangesTest {
    private static OneReplication ledger;

    @BeforeAll
    static void open() {
        ledger = new OneReplication();
    }

    @AfterAll
    static void end() {
        ledger.close();
    }

    private static Changes changes(Duration patience) {
        return new Changes(ledger.jobLog(), new JobIds(Clock.systemUTC(), new Random(1)), patience);
    }

    @Test
    void enterEachChangeAndHowItEndedInTheJoblog() throws Exception {
        Changes changes = changes(Duration.ZERO);
        assertThat(changes.<Integer>make("power-on of VM 'a'", "ctx", () -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> changes.make("power-on of VM 'b'", "", () -> {
                    throw new SourceException.Refused("no rights");
                }))
                .hasMessage("no rights");
        assertThat(ledger.changes()).contains("power-on of VM 'a' completed -", "power-on of VM 'b' failed no rights");
    }

    @Test
    void endAfterWhatIsUnderWayAndBeginNothingMore() throws Exception {
        Changes changes = changes(Duration.ofSeconds(20));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<Boolean> change =
                    CompletableFuture.supplyAsync(() -> made(changes, begun, mayEnd), threads);
            begun.await();
            CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(
                    () -> {
                        changes.close();
                        return change.isDone() || mayEnd.getCount() == 0;
                    },
                    threads);
            while (!refused(changes)) {
                Thread.onSpinWait();
            }
            assertThat(end).isNotDone();
            mayEnd.countDown();
            assertThat(end.join()).isTrue();
            assertThat(change.join()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean made(Changes changes, CountDownLatch begun, CountDownLatch mayEnd) {
        try {
            return changes.make("enable-cbt of VM 'c'", "", () -> {
                begun.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new SourceException.Unavailable("interrupted", e);
                }
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean refused(Changes changes) throws Exception {
        try {
            changes.make("power-on of VM 'd'", "", () -> true);
            return false;
        } catch (SourceException.Unavailable e) {
            assertThat(e).hasMessageContaining("the VMA API ends");
            return true;
        }
    }
}
