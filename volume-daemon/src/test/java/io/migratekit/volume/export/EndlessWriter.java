package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.NbdClient;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Writes over an export again and again, each time something else, until it fails. */
public final class EndlessWriter {
    private static final int BLOCK_BYTES = 64 << 10;

    private final NbdUri uri;
    private final int seed;
    private final Semaphore written = new Semaphore(0);
    private final FutureTask<IOException> end = new FutureTask<>(this::write);

    private EndlessWriter(NbdUri uri, int seed) {
        this.uri = uri;
        this.seed = seed;
    }

    /** Starts it. */
    public static EndlessWriter start(NbdUri uri, int seed) {
        EndlessWriter writer = new EndlessWriter(uri, seed);
        Thread thread = new Thread(writer.end, "endless writer");
        thread.setDaemon(true);
        thread.start();
        return writer;
    }

    /** Waits for that many more writes. */
    public void awaitWrites(int count) throws InterruptedException {
        if (!written.tryAcquire(count, 30, TimeUnit.SECONDS)) {
            throw new AssertionError("%d writes were not acknowledged in time".formatted(count));
        }
    }

    /** Waits for what ends it. */
    public IOException awaitFailure() throws Exception {
        try {
            return end.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the writer ended otherwise", e);
        }
    }

    private IOException write() {
        try (NbdClient client = EngineRoom.connect(uri)) {
            long blocks = client.export().sizeBytes() / BLOCK_BYTES;
            for (int number = 0; ; number++) {
                client.write(number % blocks * BLOCK_BYTES, EngineRoom.filled(BLOCK_BYTES, number * 2 + seed), 0);
                written.release();
            }
        } catch (IOException e) {
            return e;
        }
    }
}
