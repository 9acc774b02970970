package io.migratekit.volume.cloudstack;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Attaches volumes to VMs, and knows whether a VM is this appliance, where a device must appear and go. */
final class Attachments {
    private static final int ROOT_DEVICE = 0;
    private static final String STEP = "attach";
    private static final String ROOT_STEP = "attach-root";
    private static final String NOWHERE = "-";

    private final CloudVolumes volumes;
    private final Goals goals;
    private final ApplianceVm appliance;
    private final Devices devices;

    Attachments(CloudVolumes volumes, Goals goals, ApplianceVm appliance, Devices devices) {
        this.volumes = volumes;
        this.goals = goals;
        this.appliance = appliance;
        this.devices = devices;
    }

    /** Returns whether a volume is attached to this appliance. */
    boolean here(CloudVolume volume) {
        return volume.vmId().isPresent()
                && volume.vmId().get().equals(appliance.id().text());
    }

    /** Returns where a volume is attached, with its device if that is here and in order. */
    Optional<Attachment> of(CloudVolume volume) {
        return volume.vmId().map(vm -> {
            boolean here = here(volume);
            Optional<String> path = here ? devices.seen(volume).map(Path::toString) : Optional.empty();
            return new Attachment(vm, here ? ExportMode.OMA : ExportMode.FAILOVER, volume.deviceNumber(), path);
        });
    }

    /** Returns the device of a volume that is attached here. */
    Path device(CloudVolume volume) {
        if (!here(volume)) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s is %s, so it has no device in this appliance; attach it here first"
                            .formatted(
                                    volume.id(),
                                    volume.vmId()
                                            .map(vm -> "attached to VM " + vm)
                                            .orElse("not attached")));
        }
        return devices.now(volume);
    }

    Attachment attach(CloudVolume volume, String vmId, boolean root, StepMemory memory) {
        String vm = vmId.equals(VolumeRequest.APPLIANCE) ? appliance.id().text() : vmId;
        boolean toHere = vm.equals(appliance.id().text());
        if (toHere && root) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s cannot become the root disk of VM %s: that is this appliance"
                            .formatted(volume.id(), vm));
        }
        CloudVolume attached = goals.reach(attachedTo(volume.id(), vm, root), memory);
        volumes.checkOurs(attached); // somebody may have taken the tag away since we looked first
        Optional<String> path = toHere ? Optional.of(devices.await(attached).toString()) : Optional.empty();
        return new Attachment(vm, toHere ? ExportMode.OMA : ExportMode.FAILOVER, attached.deviceNumber(), path);
    }

    private Goal<CloudVolume> attachedTo(VolumeId id, String vm, boolean root) {
        ApiCommand command = ApiCommand.of("attachVolume").with("id", id.text()).with("virtualmachineid", vm);
        return volumes.goal(
                        root ? ROOT_STEP : STEP,
                        "is attached to VM %s%s".formatted(vm, root ? " as its root disk" : ""),
                        id,
                        root ? command.with("deviceid", ROOT_DEVICE) : command,
                        found -> at(found, vm, root))
                .withTrace();
    }

    private static boolean at(CloudVolume found, String vm, boolean root) {
        if (found.vmId().isEmpty()) {
            return false;
        }
        boolean rootThere = found.deviceNumber().equals(OptionalInt.of(ROOT_DEVICE));
        if (!found.vmId().get().equals(vm) || rootThere != root) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s is attached to VM %s %s already; detach it first"
                            .formatted(
                                    found.id(), found.vmId().get(), rootThere ? "as its root disk" : "as a data disk"));
        }
        return true;
    }

    /** Detaches a volume, and with the memory of an attachment that failed, not before that can come no more. */
    void detach(VolumeId id, StepMemory memory) {
        goals.outwait(STEP, memory);
        goals.outwait(ROOT_STEP, memory);
        volumes.detach(id, memory);
        // Wherever it was attached: if that was not here, no device of it is here either.
        devices.awaitGone(id);
    }

    /** Waits until the device has a new size, if the volume is attached here. */
    void awaitDevice(CloudVolume volume) {
        if (here(volume)) {
            devices.await(volume);
        }
    }

    /**
     * Does something that CloudStack allows only while a volume is not attached to a running VM, as this appliance is,
     * and then attaches it here again.
     */
    void withoutAttachment(CloudVolume volume, StepMemory memory, Runnable work) {
        if (memory.get("back").isPresent()) {
            return;
        }
        if (memory.get("was-at").isEmpty()) {
            refuseElsewhere(volume);
            memory.put("was-at", volume.vmId().orElse(NOWHERE));
        }
        String wasAt = memory.get("was-at").orElse(NOWHERE);
        boolean back = !wasAt.equals(NOWHERE);
        if (back) {
            detach(volume.id(), memory);
        }
        volumes.awaitSteady(volume.id()); // work whose reply was lost may be under way
        try {
            work.run();
        } catch (VolumeException e) {
            if (back && e.kind() != Kind.UNAVAILABLE) {
                attachDespite(e, volume, wasAt, memory);
            }
            throw e;
        }
        if (back) {
            attach(volume, wasAt, false, memory);
        }
        memory.put("back", "yes");
    }

    /** Some versions of CloudStack put a volume back while a VM runs from it, which does nothing, or harm. */
    private void refuseElsewhere(CloudVolume volume) {
        if (volume.vmId().isPresent() && !here(volume)) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s is attached to VM %s, which may be using it; detach it first"
                            .formatted(volume.id(), volume.vmId().get()));
        }
    }

    /** What was refused has changed nothing, so the volume goes back to where it was. */
    private void attachDespite(VolumeException refusal, CloudVolume volume, String vm, StepMemory memory) {
        try {
            attach(volume, vm, false, memory);
        } catch (VolumeException e) {
            refusal.addSuppressed(e);
        }
    }
}
