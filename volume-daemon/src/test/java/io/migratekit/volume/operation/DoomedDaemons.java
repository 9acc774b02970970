package io.migratekit.volume.operation;

import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.ledger.JournalWrites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process full of daemons, each with a home of its own, and each standing still at another write into its journal:
 * killing the process kills every one of them there. One process for all, since a start takes longer than an operation.
 */
final class DoomedDaemons {
    static final String KEY = "doomed";
    static final String REQUEST = "request.json";
    static final String READY = "ready";
    private static final int WRITES_MAX = 200;

    /** From the last commit, which everybody sees, to the standing still behind it. */
    private static final int PATIENCE_SECONDS = 20;

    private final Path root;
    private final Path template;

    private DoomedDaemons(Path root) {
        this.root = root;
        this.template = root.resolve("template.mv.db");
    }

    /** Where a daemon stands still. */
    enum Moment {
        /** The transaction has written and not committed. */
        UNCOMMITTED,
        /** The transaction has committed, and nobody has heard of it. */
        COMMITTED
    }

    /** Takes the folder of the homes, with a template in it, and the cases; says there when it may be killed. */
    public static void main(String[] arguments) throws Exception {
        DoomedDaemons doomed = new DoomedDaemons(Path.of(arguments[0]));
        List<Case> cases = Stream.of(arguments).skip(1).map(Case::valueOf).toList();
        AtOnce.run(cases.size(), number -> doomed.doom(cases.get(number)));
        Files.createFile(doomed.root.resolve(READY));
        new CountDownLatch(1).await(); // until it is killed
    }

    /** Before each commit, when all that led to it has been done; and after the last, of which nobody hears any more. */
    private int doom(Case what) throws Exception {
        int write = 1;
        while (standsStill(what, write, Moment.UNCOMMITTED)) {
            write++;
            if (write > WRITES_MAX) {
                throw new IllegalStateException(what + " does not end");
            }
        }
        if (!standsStill(what, write - 1, Moment.COMMITTED)) {
            throw new IllegalStateException("%s had %d writes, and once fewer".formatted(what, write - 1));
        }
        return write;
    }

    /** Returns false if the operation ended before that write came; then its home is nobody's. */
    @SuppressWarnings("resource") // the process is killed
    private boolean standsStill(Case what, int write, Moment moment) throws Exception {
        Path folder =
                root.resolve("%s-%d-%s".formatted(what, write, moment.name().substring(0, 1)));
        KilledHome home = new KilledHome(KilledHome.fresh(folder, template));
        VolumeRequest request;
        try (VolumeOperations before = home.daemon(home.writes)) {
            request = what.prepare(before, home::write);
        }
        Files.writeString(folder.resolve(REQUEST), JsonMapper.shared().writeValueAsString(request));
        CountDownLatch still = new CountDownLatch(1);
        VolumeOperations daemon = home.daemon(standing(home.writes, write, moment, still));
        AtomicReference<Operation> accepted = new AtomicReference<>();
        Thread asking = new Thread(() -> accepted.set(daemon.submit(KEY, request)), folder.toString());
        asking.setDaemon(true);
        asking.start();
        while (!still.await(1, TimeUnit.MILLISECONDS)) {
            Operation operation = accepted.get();
            boolean ended = operation != null
                    && daemon.operation(operation.id()).status().ended();
            if (ended && !still.await(moment == Moment.COMMITTED ? PATIENCE_SECONDS : 0, TimeUnit.SECONDS)) {
                daemon.close();
                home.close();
                Files.move(folder, root.resolve(".%s-%s".formatted(what, moment).toLowerCase(Locale.ROOT)));
                return false;
            }
            if (!asking.isAlive() && accepted.get() == null) {
                throw new VolumeException(VolumeException.Kind.FAILED, "%s was refused".formatted(request));
            }
        }
        return true;
    }

    private static JournalWrites standing(JournalWrites writes, int write, Moment moment, CountDownLatch still) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            if (count.incrementAndGet() != write) {
                writes.run(work);
            } else if (moment == Moment.COMMITTED) {
                writes.run(work);
                standStill(still);
            } else {
                writes.run(() -> {
                    work.run();
                    standStill(still);
                });
            }
        };
    }

    private static void standStill(CountDownLatch still) {
        still.countDown();
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("only a kill ends it", e);
            }
        }
    }
}
