package io.migratekit.volume.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Lets several threads begin the same thing at the same moment. */
public final class AtOnce {
    private AtOnce() {}

    /** What one of the threads does. */
    public interface Task<T> {
        /** Does it as the thread of that number, from 0. */
        T run(int number) throws Exception;
    }

    /** Returns what each had to say; the first failure is thrown when all have begun. */
    public static <T> List<T> run(int threads, Task<T> task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = IntStream.range(0, threads)
                    .mapToObj(number -> executor.submit(() -> {
                        start.await();
                        return task.run(number);
                    }))
                    .toList();
            List<T> ended = new ArrayList<>();
            for (Future<T> one : running) {
                ended.add(one.get());
            }
            return ended;
        } finally {
            executor.shutdown();
        }
    }
}
