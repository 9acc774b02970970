package io.migratekit.volume.daemon;

import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.backend.Measured;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Measures a daemon with a thousand volumes and exports, asked over HTTP, with its database in a file; a program of its
 * own, since a figure is no test. Prints rows for {@code ./bench}.
 */
final class VolumesBenchmark {
    private static final int VOLUMES = 1000;
    private static final int ROUNDS = 21;
    private static final long SIZE_BYTES = 1L << 30;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Measured MEASURED = new Measured(System.out);

    private VolumesBenchmark() {}

    /** Takes a folder with a short path, and fills it. */
    public static void main(String[] arguments) throws IOException {
        Path home = Files.createDirectories(Path.of(arguments[0]));
        try (DaemonRoom room = DaemonRoom.openForProcesses(home, Map.of("overcommit", "1000", "idle", "1h"))) {
            Volumes volumes = room.client(PATIENCE);
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                long heapKib = Measured.heapKib();
                MEASURED.median("create a volume of 1 TiB", "< 1 s", ROUNDS, round -> create(volumes, 1L << 40));
                fill(volumes);
                MEASURED.median("list 1,000 volumes and exports", "< 0.2 s", ROUNDS, round -> {
                    check(volumes.volumes().size() >= VOLUMES);
                    check(volumes.exports().size() >= VOLUMES);
                });
                List<VolumeId> more = attached(volumes);
                MEASURED.median(
                        "add an export beside 1,000", "< 0.05 s", ROUNDS, round -> export(volumes, more.remove(0)));
                MEASURED.median(
                        "reconcile 1,000",
                        "< 5 s",
                        3,
                        round -> check(volumes.reconcile(false).isEmpty()));
                MEASURED.median(
                        "health with 1,000",
                        "–",
                        ROUNDS,
                        round -> check(volumes.health().healthy()));
                long fullKib = Measured.heapKib();
                MEASURED.row("heap for 1,000 volumes and exports", "%d MiB".formatted((fullKib - heapKib) / 1024), "–");
                List<VolumeId> served = volumes.exports().stream()
                        .map(export -> export.name().volume())
                        .toList();
                served.forEach(id -> export(volumes, id)); // a new epoch each, as every start of a job takes one
                MEASURED.row(
                        "heap after 1,000 exports were replaced",
                        "%+.1f MiB".formatted((Measured.heapKib() - fullKib) / 1024.0),
                        "flat");
                check(daemon.volumes().exports().size() >= VOLUMES);
            }
            MEASURED.median(
                    "start and serve 1,000 exports again",
                    "< 5 s",
                    3,
                    round -> room.start(Origin.ASKED_FOR).close());
        }
    }

    private static void fill(Volumes volumes) {
        List<Operation> creations = new ArrayList<>();
        for (int number = 0; number < VOLUMES; number++) {
            creations.add(submit(volumes, new VolumeRequest.Create("disk-" + number, SIZE_BYTES, Optional.empty())));
        }
        List<VolumeId> ids = new ArrayList<>();
        creations.forEach(creation -> ids.add(ended(volumes, creation).volume()));
        List<Operation> exports = new ArrayList<>();
        for (VolumeId id : ids) {
            submit(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
            exports.add(submit(volumes, new VolumeRequest.Export(id, false)));
        }
        exports.forEach(export -> ended(volumes, export));
    }

    private static List<VolumeId> attached(Volumes volumes) {
        List<VolumeId> ids = new ArrayList<>();
        for (int number = 0; number < ROUNDS; number++) {
            VolumeId id = create(volumes, SIZE_BYTES);
            ended(volumes, submit(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false)));
            ids.add(id);
        }
        return ids;
    }

    private static VolumeId create(Volumes volumes, long sizeBytes) {
        String name = UUID.randomUUID().toString();
        return ended(volumes, submit(volumes, new VolumeRequest.Create(name, sizeBytes, Optional.empty())))
                .volume();
    }

    private static void export(Volumes volumes, VolumeId id) {
        ended(volumes, submit(volumes, new VolumeRequest.Export(id, false)));
    }

    private static Operation submit(Volumes volumes, VolumeRequest request) {
        return volumes.submit(UUID.randomUUID().toString(), request);
    }

    private static Operation ended(Volumes volumes, Operation operation) {
        Operation ended = volumes.await(operation.id(), PATIENCE);
        if (ended.error().isPresent() || !ended.status().ended()) {
            throw new VolumeException(VolumeException.Kind.FAILED, ended.toString());
        }
        return ended;
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("what was measured did not do what it should");
        }
    }
}
