package io.migratekit.volume.cloudstack;

import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.compute.MachineSpec;
import io.migratekit.volume.compute.ResourceId;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code deployVirtualMachine} that makes a machine of a specification, stopped. */
record Deployment(ResourceId zone, MachineSpec spec, Mark mark) {
    ApiCommand command() {
        ApiCommand command = ApiCommand.of("deployVirtualMachine")
                .with("zoneid", zone.text())
                .with("serviceofferingid", spec.offering().text())
                .with("templateid", spec.template().text())
                .with("name", spec.name())
                .with("displayname", MarkedName.of(spec.name(), mark)) // host names have no room for a mark
                .with("startvm", "false");
        return sized(networked(command));
    }

    private ApiCommand sized(ApiCommand command) {
        if (spec.size().isEmpty()) {
            return command;
        }
        MachineSpec.Size size = spec.size().get();
        ApiCommand sized =
                command.with("details[0].cpuNumber", size.cpus()).with("details[0].memory", size.memoryMib());
        return size.cpuMhz().isPresent()
                ? sized.with("details[0].cpuSpeed", size.cpuMhz().getAsInt())
                : sized;
    }

    /** The plain list keeps its order, so it is used where it says enough; the first is the default network. */
    private ApiCommand networked(ApiCommand command) {
        List<MachineSpec.Nic> nics = spec.nics();
        boolean plain = nics.stream()
                .allMatch(nic -> nic.ipAddress().isEmpty() && nic.macAddress().isEmpty());
        if (plain) {
            String ids = nics.stream().map(nic -> nic.network().text()).collect(Collectors.joining(","));
            return command.with("networkids", ids);
        }
        ApiCommand networked = command;
        for (int i = 0; i < nics.size(); i++) {
            networked = networked(networked, "iptonetworklist[%d].".formatted(i), nics.get(i));
        }
        return networked;
    }

    private static ApiCommand networked(ApiCommand command, String prefix, MachineSpec.Nic nic) {
        ApiCommand networked = command.with(prefix + "networkid", nic.network().text());
        if (nic.ipAddress().isPresent()) {
            networked = networked.with(prefix + "ip", nic.ipAddress().get());
        }
        return nic.macAddress().isPresent()
                ? networked.with(prefix + "mac", nic.macAddress().get())
                : networked;
    }
}
