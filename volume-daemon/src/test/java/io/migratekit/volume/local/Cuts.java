package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Ends a call at every step of the disk, and then has it repeated by a process that was just started.
 *
 * @param pool where things are prepared; each cut works on a copy
 */
record Cuts(TestPool pool) {

    /**
     * Cuts everywhere.
     *
     * @param given what is there before
     * @param call what is cut, and then repeated
     * @param between what holds after each cut, before anything is repeated
     * @param then what holds in the end
     * @return at how many places it was cut
     */
    int everywhere(
            Consumer<LocalBackend> given,
            Consumer<LocalBackend> call,
            BiConsumer<LocalBackend, TestPool> between,
            BiConsumer<LocalBackend, TestPool> then) {
        return everywhere(given, call, between, call, then);
    }

    /** Cuts everywhere, and has {@code next} asked for then. */
    int everywhere(
            Consumer<LocalBackend> given,
            Consumer<LocalBackend> call,
            BiConsumer<LocalBackend, TestPool> between,
            Consumer<LocalBackend> next,
            BiConsumer<LocalBackend, TestPool> then) {
        try (LocalBackend backend = pool.open()) {
            given.accept(backend);
        }
        int cuts = 0;
        for (boolean midst : new boolean[] {false, true}) {
            Optional<CuttingDisk.Cut> cut = cut(copy(1, midst), call, 1, midst);
            for (int n = 1; cut.isPresent(); cut = cut(copy(n, midst), call, n, midst)) {
                if (cut.get().partial() == midst) { // else it is the same as a cut before the step
                    check(copyOf(n, midst), between, next, then);
                    cuts++;
                }
                n++;
            }
        }
        return cuts;
    }

    private static void check(
            TestPool copy,
            BiConsumer<LocalBackend, TestPool> between,
            Consumer<LocalBackend> next,
            BiConsumer<LocalBackend, TestPool> then) {
        try (LocalBackend backend = copy.open()) {
            between.accept(backend, copy);
            next.accept(backend);
            then.accept(backend, copy);
            copy.assertNothingIsLeftOver();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "cut in %s: %s".formatted(copy.settings().pool().getFileName(), e), e);
        }
    }

    /** Returns how it was cut, if it did not complete. */
    private static Optional<CuttingDisk.Cut> cut(TestPool copy, Consumer<LocalBackend> call, int n, boolean midst) {
        try (LocalBackend backend = copy.open(new CuttingDisk(n, midst))) {
            call.accept(backend);
            return Optional.empty();
        } catch (CuttingDisk.Cut e) {
            return Optional.of(e);
        }
    }

    private TestPool copy(int n, boolean midst) {
        TestPool copy = copyOf(n, midst);
        Path folder = pool.settings().pool();
        Peer.run(
                        Duration.ofSeconds(60),
                        "cp",
                        "-a",
                        "--",
                        folder.toString(),
                        copy.settings().pool().toString())
                .orFail();
        return copy;
    }

    private TestPool copyOf(int n, boolean midst) {
        return pool.at(pool.settings().pool().resolveSibling("%s-step-%d".formatted(midst ? "in" : "before", n)));
    }

    /** Nothing is known of the time between. */
    static void anything(LocalBackend backend, TestPool pool) {
        assertThat(backend.check()).doesNotContain("is damaged");
    }
}
