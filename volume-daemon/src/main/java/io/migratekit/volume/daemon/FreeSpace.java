package io.migratekit.volume.daemon;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.operation.Backends;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What back ends have free, for monitoring, which must not stand still where a cloud does: all its figures would be
 * missing just when they matter. Safe for many threads.
 */
final class FreeSpace implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);
    private static final long WAIT_MILLIS = 1000;

    private final Map<String, VolumeBackend> backends = new HashMap<>();
    private final ExecutorService executor;

    /** Questions by back end; one at a time, whose answer all get that ask meanwhile. */
    private final Map<String, CompletableFuture<Double>> questions = new HashMap<>(); // guarded by this

    FreeSpace(Backends configured) {
        configured.all().forEach(backend -> backends.put(backend.name(), backend));
        executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "free-space");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns the names of the back ends. */
    List<String> names() {
        return backends.keySet().stream().sorted().toList();
    }

    /** Returns the bytes that a back end has free; {@code NaN} if it does not tell, or not within a second. */
    double bytes(String name) {
        try {
            return question(name).get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("back end {} does not tell what is free within {} ms", name, WAIT_MILLIS);
        } catch (ExecutionException e) {
            LOG.warn("what back end {} has free cannot be told", name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Double.NaN;
    }

    private synchronized CompletableFuture<Double> question(String name) {
        CompletableFuture<Double> earlier = questions.get(name);
        if (earlier != null && !earlier.isDone()) {
            return earlier;
        }
        CompletableFuture<Double> asked = CompletableFuture.supplyAsync(() -> ask(name), executor);
        questions.put(name, asked);
        return asked;
    }

    private double ask(String name) {
        VolumeBackend backend = backends.get(name);
        if (backend == null) {
            return Double.NaN;
        }
        try {
            OptionalLong free = backend.freeBytes();
            return free.isPresent() ? free.getAsLong() : Double.NaN;
        } catch (VolumeException e) { // health tells the reason
            LOG.debug("what back end {} has free cannot be told", name, e);
            return Double.NaN;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
