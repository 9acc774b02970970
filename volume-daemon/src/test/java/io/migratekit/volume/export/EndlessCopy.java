package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.NbdClient;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes all of an export, flushes and reads it back over one connection, again and again; any failure is kept. */
public final class EndlessCopy implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 20;

    private final NbdUri uri;
    private final int sizeBytes;
    private final FutureTask<Integer> end = new FutureTask<>(this::copy);
    private volatile boolean stopped;
    private volatile int passes;

    private EndlessCopy(NbdUri uri, int sizeBytes) {
        this.uri = uri;
        this.sizeBytes = sizeBytes;
    }

    /** Starts it. */
    public static EndlessCopy start(NbdUri uri, int sizeBytes) {
        EndlessCopy copy = new EndlessCopy(uri, sizeBytes);
        Thread thread = new Thread(copy.end, "endless copy");
        thread.setDaemon(true);
        thread.start();
        return copy;
    }

    /** Returns how often all of it has been written and was read back. */
    public int passes() {
        return passes;
    }

    /** Waits for that, and throws what ended it. */
    public void awaitPasses(int count) throws Exception {
        while (passes < count) {
            if (end.isDone()) {
                end.get(); // throws what ended it
            }
            Thread.sleep(5);
        }
    }

    /** Ends it, and fails if anything went wrong. */
    @Override
    public void close() {
        stopped = true;
        try {
            end.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the copy did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the copy ended", e);
        }
    }

    private int copy() throws Exception {
        try (NbdClient client = EngineRoom.connect(uri)) {
            int pass = 0;
            while (!stopped) {
                pass++;
                write(client, pass);
                compare(client, pass);
                passes = pass;
            }
            return pass;
        }
    }

    private void write(NbdClient client, int pass) throws Exception {
        for (int at = 0; at < sizeBytes; at += BLOCK_BYTES) {
            client.write(at, EngineRoom.filled(BLOCK_BYTES, pass + at / BLOCK_BYTES), 0);
        }
        client.flush();
    }

    private void compare(NbdClient client, int pass) throws Exception {
        for (int at = 0; at < sizeBytes; at += BLOCK_BYTES) {
            ByteBuffer into = ByteBuffer.allocate(BLOCK_BYTES);
            client.read(at, into);
            byte[] wanted =
                    EngineRoom.filled(BLOCK_BYTES, pass + at / BLOCK_BYTES).array();
            if (!Arrays.equals(into.array(), wanted)) {
                throw new AssertionError("pass %d is not there at byte %d".formatted(pass, at));
            }
        }
    }
}
