package io.migratekit.shell.vcenter;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.DiskKey;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether there is room where the disks of a VM go. */
final class TargetChecks {
    private static final String WHAT = "targets";

    private final Map<DiskKey, Long> capacities;
    private final Supplier<Volumes> volumes;
    private final Supplier<Optional<Long>> room;

    /**
     * Makes checks.
     *
     * @param capacities sizes of the source's disks in bytes, as far as they are known
     * @param volumes reaches the volume daemon; asked only if a disk goes to a volume
     * @param room tells for how many bytes of new volumes there is room; empty if nobody here knows
     */
    TargetChecks(Map<DiskKey, Long> capacities, Supplier<Volumes> volumes, Supplier<Optional<Long>> room) {
        this.capacities = capacities;
        this.volumes = volumes;
        this.room = room;
    }

    List<Finding> look(Machine machine) {
        List<Finding> findings = new ArrayList<>();
        boolean needsDaemon = machine.disks().stream()
                .anyMatch(disk -> disk.target().isEmpty()
                        || disk.target().flatMap(TargetRef::volume).isPresent());
        if (needsDaemon) {
            findings.addAll(daemon());
        }
        long madeBytes = machine.disks().stream()
                .filter(disk -> disk.target().isEmpty())
                .mapToLong(this::capacityBytes)
                .sum();
        if (madeBytes > 0) {
            findings.add(volumesToBe(madeBytes));
        }
        machine.disks().forEach(disk -> image(disk).ifPresent(findings::add));
        machine.disks()
                .forEach(disk ->
                        disk.target().flatMap(TargetRef::uri).ifPresent(uri -> findings.add(export(disk, uri))));
        return findings;
    }

    /** Asks an export what a replication will ask it first. */
    private Finding export(MachineDisk disk, NbdUri uri) {
        try (NbdClient client = NbdClient.connect(uri, ClientOptions.defaults())) {
            ExportInfo export = client.export();
            String found = "%s: %s".formatted(uri, Units.bytes(export.sizeBytes()));
            if (export.sizeBytes() < capacityBytes(disk)) {
                return Finding.error(
                        WHAT,
                        "%s, and disk %s has %s".formatted(found, disk.key(), Units.bytes(capacityBytes(disk))),
                        "export a volume that is as large as the disk");
            }
            if (export.readOnly()) {
                return Finding.error(WHAT, found + ", read-only", "export it for writing");
            }
            return export.canFlush()
                    ? Finding.ok(WHAT, found + ", answers")
                    : Finding.warning(
                            WHAT,
                            found + ", offers no FLUSH, so nothing there can be called durable",
                            "let the server offer it (nbd-server: flush = true), or accept that by --unsafe-target");
        } catch (NbdException e) {
            return Finding.error(
                    WHAT, String.valueOf(e.getMessage()), "start its server, or see that nothing is in between");
        }
    }

    private Finding volumesToBe(long madeBytes) {
        String found = "the first replication makes volumes of %s".formatted(Units.bytes(madeBytes));
        Optional<Long> roomBytes = room.get();
        if (roomBytes.isEmpty()) {
            return Finding.ok(WHAT, found);
        }
        String room = "%s, and the pool has room for %s".formatted(found, Units.bytes(roomBytes.get()));
        return roomBytes.get() >= madeBytes
                ? Finding.ok(WHAT, room)
                : Finding.error(
                        WHAT,
                        room,
                        "make room in the pool, or let volumes.overcommit promise more than there is: volumes are sparse");
    }

    private List<Finding> daemon() {
        try {
            return volumes.get().health().checks().stream()
                    .map(TargetChecks::finding)
                    .toList();
        } catch (VolumeException e) {
            return List.of(Finding.error(
                    "volume daemon", String.valueOf(e.getMessage()), "'volume list' tries again; its log tells more"));
        }
    }

    private static Finding finding(DaemonHealth.Check check) {
        String what = "volumes: " + check.name();
        return check.passed()
                ? Finding.ok(what, check.detail())
                : Finding.error(what, check.detail(), "mend it; 'ossea test' tells more of a cloud");
    }

    private Optional<Finding> image(MachineDisk disk) {
        Optional<Path> image = disk.target().flatMap(TargetRef::image);
        if (image.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path folder = Optional.ofNullable(image.get().getParent()).orElse(image.get());
            if (!Files.isDirectory(folder)) {
                return Optional.of(
                        Finding.error(WHAT, "folder '%s' does not exist".formatted(folder), "make it, or mount it"));
            }
            FileStore store = Files.getFileStore(folder);
            String found = "%s: %s free".formatted(image.get(), Units.bytes(store.getUsableSpace()));
            boolean small = !Files.exists(image.get()) && store.getUsableSpace() < capacityBytes(disk);
            return Optional.of(
                    small
                            ? Finding.warning(WHAT, found + ", less than the disk has", "make room")
                            : Finding.ok(WHAT, found));
        } catch (IOException e) {
            return Optional.of(Finding.error(
                    WHAT,
                    "'%s' cannot be looked at: %s".formatted(image.get(), e.getMessage()),
                    "look at the file system"));
        }
    }

    /** Returns a disk's size, 0 if nobody knows it. */
    private long capacityBytes(MachineDisk disk) {
        return capacities.getOrDefault(disk.key(), disk.capacityBytes().orElse(0));
    }
}
