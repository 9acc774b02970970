package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.compute.Machine;
import io.migratekit.volume.compute.MachineId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which VM of the cloud this appliance is: the configured one, unless this machine proves to be another, else the one with this machine's UUID, else the one with
 * this machine's network cards. Found once; a wrong guess would attach volumes to a stranger, so there is none.
 */
final class ApplianceVm {
    private final CloudMachines machines;
    private final Optional<MachineId> configured;
    private final Supplier<MachineIdentity> identity;
    private volatile Optional<MachineId> found = Optional.empty();

    ApplianceVm(CloudMachines machines, Optional<MachineId> configured, Supplier<MachineIdentity> identity) {
        this.machines = machines;
        this.configured = configured;
        this.identity = identity;
    }

    /**
     * Returns it.
     *
     * @throws VolumeException of kind REFUSED if there is none, or more than one may be it
     */
    MachineId id() {
        Optional<MachineId> known = found;
        if (known.isPresent()) {
            return known.get();
        }
        // Two threads may both ask: they get the same answer, and neither holds a lock meanwhile.
        MachineId now = configured.map(this::checked).orElseGet(() -> detected(identity.get()));
        found = Optional.of(now);
        return now;
    }

    private MachineId checked(MachineId id) {
        Machine vm = machines.find(id)
                .orElseThrow(
                        () -> refused(
                                "the VM %s that is configured as this".formatted(id)
                                        + " appliance is not in the cloud, or belongs to another account; set the right one with 'ossea set'"));
        another(identity.get(), vm).ifPresent(self -> {
            throw refused(
                    "the VM %s is configured as this appliance, but this machine has the UUID or a network card of VM %s; set the right one with 'ossea set'"
                            .formatted(id, self));
        });
        return vm.id();
    }

    /** Returns which other VM this machine proves to be. One that nothing is known of is believed to be what was said. */
    private Optional<MachineId> another(MachineIdentity self, Machine said) {
        if (self.uuid().equals(Optional.of(said.id().text())) || hasCard(said, self)) {
            return Optional.empty();
        }
        return self.uuid()
                .flatMap(this::byUuid)
                .or(() -> withCards(self).stream().map(Machine::id).findFirst());
    }

    private List<Machine> withCards(MachineIdentity self) {
        return self.macAddresses().isEmpty()
                ? List.of()
                : machines.all().stream().filter(vm -> hasCard(vm, self)).toList();
    }

    private static boolean hasCard(Machine vm, MachineIdentity self) {
        return vm.nics().stream().anyMatch(nic -> self.macAddresses().contains(nic.macAddress()));
    }

    private MachineId detected(MachineIdentity self) {
        return self.uuid().flatMap(this::byUuid).orElseGet(() -> byCards(self));
    }

    private Optional<MachineId> byUuid(String uuid) {
        return MachineId.valid(uuid) ? machines.find(new MachineId(uuid)).map(Machine::id) : Optional.empty();
    }

    private MachineId byCards(MachineIdentity self) {
        List<Machine> same = withCards(self);
        if (same.size() != 1) {
            throw refused(
                    same.isEmpty()
                            ? "no VM of this account has this machine's UUID or network cards, so it is unknown which VM this appliance is; name it with 'ossea set'"
                            : "VMs %s all have a network card with an address of this machine, so it is unknown which this appliance is; name it with 'ossea set'"
                                    .formatted(same.stream().map(Machine::id).toList()));
        }
        return same.get(0).id();
    }

    private static VolumeException refused(String message) {
        return new VolumeException(Kind.REFUSED, message);
    }
}
