package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks with the qemu-storage-daemon of one folder, and starts it where it is needed. Safe for many threads, one talk at
 * a time, since QEMU takes no more; so a talk must be short.
 */
final class StorageDaemon {
    private static final Logger log = LoggerFactory.getLogger(StorageDaemon.class);

    /** For one answer. An image on storage that hangs is opened no faster than that, or not at all. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final DaemonProcess process;
    private final NbdUri.Address address;
    private final ReentrantLock turn = new ReentrantLock();
    private long checkedPid; // guarded by turn

    StorageDaemon(DaemonProcess process, NbdUri.Address address) {
        this.process = process;
        this.address = address;
    }

    /** What is asked in one session of the process {@code pid}. */
    interface Talk<T> {
        T with(QmpSession qmp, long pid) throws IOException;
    }

    /**
     * Talks with the process, which is started if there is none.
     *
     * @throws VolumeException of kind UNAVAILABLE if there is no talking with it, FAILED if it refuses something
     */
    <T> T talk(Talk<T> talk) {
        return alone(() -> {
            OptionalLong running = process.running();
            return session(running.isPresent() ? running.getAsLong() : start(), talk);
        });
    }

    /**
     * Talks with the process if there is one.
     *
     * @return empty if it is proven that there is none
     */
    <T> Optional<T> talkIfRunning(Talk<T> talk) {
        return alone(() -> {
            OptionalLong running = process.running();
            return running.isPresent() ? Optional.of(session(running.getAsLong(), talk)) : Optional.empty();
        });
    }

    /**
     * Ends the process, if there is one; its exports end, and what was flushed is in their images.
     *
     * @return whether there was one
     * @throws VolumeException if it goes on
     */
    boolean stop() {
        return alone(() -> {
            OptionalLong running = process.running();
            if (running.isPresent()) {
                quit(running.getAsLong());
            } else {
                awaitSilence(); // it may have been killed just now
            }
            return running.isPresent();
        });
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T alone(Work<T> work) {
        turn.lock();
        try {
            return work.run();
        } catch (QmpRefusal e) {
            throw new VolumeException(VolumeException.Kind.FAILED, e.getMessage(), e);
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "there is no talking with qemu-storage-daemon in %s: %s"
                            .formatted(process.folder(), e.getMessage()),
                    e);
        } finally {
            turn.unlock();
        }
    }

    private <T> T session(long pid, Talk<T> talk) throws IOException {
        long used = pid == checkedPid ? pid : asDescribed(pid);
        checkedPid = used;
        try (QmpSession qmp = QmpSession.open(process.qmpSocket(), ANSWER_TIMEOUT)) {
            return talk.with(qmp, used);
        }
    }

    private long start() throws IOException {
        if (!awaitSilence()) {
            throw new IOException("another server listens at %s; end it or take another address".formatted(address));
        }
        process.start();
        long pid = process.running()
                .orElseThrow(() -> new IOException("it ended right after its start; see qemu.log in its folder"));
        log.info("qemu-storage-daemon serves at {} as process {}", address, pid);
        return pid;
    }

    /** Returns the process itself, or a new one in place of one with other settings that serves nothing. */
    private long asDescribed(long pid) throws IOException {
        if (process.isAsDescribed(pid)) {
            return pid;
        }
        try (QmpSession qmp = QmpSession.open(process.qmpSocket(), ANSWER_TIMEOUT)) {
            int exports = qmp.execute("query-block-exports").size();
            if (exports > 0) {
                throw new VolumeException(
                        VolumeException.Kind.REFUSED,
                        "process %d of qemu-storage-daemon serves %d exports with other settings than now are asked for; take the settings back, or stop it (clients wait until their exports are there again)"
                                .formatted(pid, exports));
            }
        }
        quit(pid);
        return start();
    }

    private void quit(long pid) throws IOException {
        try (QmpSession qmp = QmpSession.open(process.qmpSocket(), ANSWER_TIMEOUT)) {
            qmp.execute("quit");
        }
        long deadlineNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (process.running().isPresent()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException("process %d has not ended after %d s; its storage may hang"
                        .formatted(pid, STOP_TIMEOUT.toSeconds()));
            }
            Pause.millis(5);
        }
        awaitSilence();
        log.info("qemu-storage-daemon, process {}, has ended", pid);
    }

    /** A process that ends lets go of its pid file's lock before its sockets, which the system closes one by one. */
    private boolean awaitSilence() throws IOException {
        long deadlineNanos = System.nanoTime() + SILENCE_TIMEOUT.toNanos();
        while (Listening.at(address)) {
            if (System.nanoTime() > deadlineNanos) {
                return false;
            }
            Pause.millis(5);
        }
        return true;
    }
}
