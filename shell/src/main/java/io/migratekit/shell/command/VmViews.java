package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How VMs look as JSON. The keys are stable. */
final class VmViews {
    private VmViews() {}

    static Map<String, @Nullable Object> object(Machine machine) {
        return Result.object(
                "vm", machine.name(),
                "contextId", machine.contextId(),
                "status", machine.status(),
                "currentJobId", machine.currentJobId().orElse(null),
                "lastSuccessfulJobId", machine.lastSuccessfulJobId().orElse(null),
                "createdAt", machine.createdAt().toString(),
                "disks", machine.disks().stream().map(VmViews::object).toList());
    }

    private static Map<String, @Nullable Object> object(MachineDisk disk) {
        return Result.object(
                "disk", disk.key().text(),
                "source", disk.source().text(),
                "target", disk.target().map(Object::toString).orElse(null),
                "capacityBytes",
                        disk.capacityBytes().isPresent() ? disk.capacityBytes().getAsLong() : null,
                "changeId", disk.changeId().map(Object::toString).orElse(null));
    }
}
