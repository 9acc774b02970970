package io.migratekit.shell.vcenter;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
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

    /**
     * Makes checks.
     *
     * @param capacities sizes of the source's disks in bytes, as far as they are known
     * @param volumes reaches the volume daemon; asked only if a disk goes to a volume
     */
    TargetChecks(Map<DiskKey, Long> capacities, Supplier<Volumes> volumes) {
        this.capacities = capacities;
        this.volumes = volumes;
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
            findings.add(
                    Finding.ok(WHAT, "the first replication makes volumes of %s".formatted(Units.bytes(madeBytes))));
        }
        machine.disks().forEach(disk -> image(disk).ifPresent(findings::add));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(WHAT, "NBD exports; each is asked when a replication starts"));
        }
        return findings;
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
