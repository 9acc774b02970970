package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualMachineBootOptions;
import com.vmware.vim25.VirtualMachineBootOptionsBootableDiskDevice;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What ties a machine to where it runs: whoever starts it elsewhere has to do without.
 *
 * @param protection what protects its disks
 * @param bootDisk the device key of the disk that it is told to start from; empty if the firmware looks by itself
 */
public record Ties(Protection protection, OptionalInt bootDisk) {
    private static final String BOOT = "config.bootOptions";

    /** Asks for those of a machine. */
    public static Ties of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        return new Ties(
                Protection.of(session, machine),
                session.ask(
                                "tell what %s starts from".formatted(machine.getVal()),
                                vim -> new PropertyQuestion()
                                        .of("VirtualMachine", BOOT)
                                        .ask(vim, machine))
                        .get(BOOT, VirtualMachineBootOptions.class)
                        .map(Ties::firstDisk)
                        .orElse(OptionalInt.empty()));
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
