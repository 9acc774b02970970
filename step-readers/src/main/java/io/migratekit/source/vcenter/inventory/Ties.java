package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.InvalidProperty;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualMachineBootOptions;
import com.vmware.vim25.VirtualMachineBootOptionsBootableDiskDevice;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.soap.VimFault;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What ties a machine to where it runs: whoever starts it elsewhere has to do without.
 *
 * @param encrypted whether its files are encrypted by a key that its host has
 * @param tpm whether it has a virtual TPM, whose secrets stay behind
 * @param secureBoot whether its firmware only starts what is signed
 * @param bootDisk the device key of the disk that it is told to start from; empty if the firmware looks by itself
 */
public record Ties(boolean encrypted, boolean tpm, boolean secureBoot, OptionalInt bootDisk) {

    /** Asks for those of a machine. */
    public static Ties of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        return new Ties(
                ask(session, machine, "config.keyId.keyId")
                        .text("config.keyId.keyId")
                        .isPresent(),
                ask(session, machine, "summary.config.tpmPresent").is("summary.config.tpmPresent"),
                ask(session, machine, "config.bootOptions.efiSecureBootEnabled")
                        .is("config.bootOptions.efiSecureBootEnabled"),
                ask(session, machine, "config.bootOptions")
                        .get("config.bootOptions", VirtualMachineBootOptions.class)
                        .map(Ties::firstDisk)
                        .orElse(OptionalInt.empty()));
    }

    /** Asks for one property, which an older vCenter may not have. */
    private static PropertyRow ask(VCenterSession session, ManagedObjectReference machine, String path)
            throws SourceException {
        String what = "tell %s of %s".formatted(path, machine.getVal());
        try {
            return session.attempt(
                    what,
                    vim -> new PropertyQuestion().of("VirtualMachine", path).ask(vim, machine));
        } catch (VimFault e) {
            if (e.is(InvalidProperty.class)) {
                return new PropertyRow(machine, Map.of());
            }
            throw session.explained(what, e);
        }
    }

    private static OptionalInt firstDisk(VirtualMachineBootOptions options) {
        return options.getBootOrder() == null
                ? OptionalInt.empty()
                : Arrays.stream(options.getBootOrder())
                        .filter(VirtualMachineBootOptionsBootableDiskDevice.class::isInstance)
                        .map(VirtualMachineBootOptionsBootableDiskDevice.class::cast)
                        .mapToInt(VirtualMachineBootOptionsBootableDiskDevice::getDeviceKey)
                        .findFirst();
    }
}
