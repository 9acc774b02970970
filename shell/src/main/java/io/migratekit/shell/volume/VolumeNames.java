package io.migratekit.shell.volume;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Words;
import io.migratekit.volume.Volume;
import io.migratekit.volume.Volumes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what people name: volumes by name or id, VMs by name. */
final class VolumeNames {
    private static final int CHARACTERS_MIN = 8;

    private final Supplier<Volumes> volumes;
    private final Vms vms;

    /** Looks VMs up. */
    interface Vms {
        /**
         * Returns one.
         *
         * @throws JobException.NoSuch if there is none of that name
         */
        Machine show(String name);

        /** Returns all of them. */
        List<Machine> list();
    }

    /**
     * Makes one; nothing is looked up yet.
     *
     * @param volumes the daemon, found when it is needed
     */
    VolumeNames(Supplier<Volumes> volumes, Vms vms) {
        this.volumes = volumes;
        this.vms = vms;
    }

    static VolumeNames of(Engine engine) {
        return new VolumeNames(() -> engine.service(Volumes.class), new Vms() {
            @Override
            public Machine show(String name) {
                return engine.service(MachineCatalog.class).show(name);
            }

            @Override
            public List<Machine> list() {
                return engine.service(MachineCatalog.class).list();
            }
        });
    }

    Volumes volumes() {
        return volumes.get();
    }

    /**
     * Returns the volume with that name or id, or whose id begins so; at least eight characters then.
     *
     * @throws CommandFailure if there is none, or more than one
     */
    Volume volume(String nameOrId) {
        return find(volumes().volumes(), nameOrId);
    }

    static Volume find(List<Volume> all, String nameOrId) {
        Optional<Volume> exact = all.stream()
                .filter(volume ->
                        volume.name().equals(nameOrId) || volume.id().text().equals(nameOrId))
                .findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        List<Volume> begun = nameOrId.length() < CHARACTERS_MIN
                ? List.of()
                : all.stream()
                        .filter(volume -> volume.id().text().startsWith(nameOrId))
                        .toList();
        if (begun.size() == 1) {
            return begun.get(0);
        }
        throw new CommandFailure(
                ExitCode.NO_SUCH_THING,
                begun.isEmpty()
                        ? "there is no volume %s; 'volume list' shows those that are there"
                                .formatted(Words.quote(nameOrId))
                        : "%d volumes begin with '%s'; write more of the id".formatted(begun.size(), nameOrId));
    }

    /**
     * Returns the context id that a VM's volumes have. What is no VM's name is taken as such an id if there are volumes
     * of it: they outlive their VM, and a test failover has volumes and no VM.
     *
     * @throws CommandFailure if it is neither
     */
    String context(String vm) {
        try {
            return vms.show(vm).contextId();
        } catch (JobException.NoSuch e) {
            if (!volumes().volumesOf(vm).isEmpty()) {
                return vm;
            }
            throw new CommandFailure(
                    ExitCode.NO_SUCH_THING, e.getMessage() + "; nor has a volume the owner '%s'".formatted(vm), e);
        }
    }

    /** Returns the names of VMs by their context ids. */
    Map<String, String> vms() {
        Map<String, String> names = new LinkedHashMap<>();
        for (Machine machine : vms.list()) {
            names.put(machine.contextId(), machine.name());
        }
        return names;
    }
}
