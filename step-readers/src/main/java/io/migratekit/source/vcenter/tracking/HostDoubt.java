package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Hosts whose change tracking is known to lose changes without an error. */
final class HostDoubt {
    /** From this build on, ESXi 6.0 does not lose changes of a consolidation (VMware KB 2136854). */
    private static final long MENDED_BUILD = 3_247_720;

    private HostDoubt() {}

    /** Returns why the host of a machine is not to be believed; empty if it is, or if the user may not see it. */
    static Optional<String> of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        PropertyRow host = session.ask("tell the host of " + machine.getVal(), vim -> host(vim, machine));
        return of(
                host.text("config.product.version").orElse(""),
                host.text("config.product.build").orElse(""));
    }

    private static PropertyRow host(Vim vim, ManagedObjectReference machine) throws IOException {
        Optional<ManagedObjectReference> host = new PropertyQuestion()
                .of("VirtualMachine", "runtime.host")
                .ask(vim, machine)
                .get("runtime.host", ManagedObjectReference.class);
        return host.isEmpty()
                ? new PropertyRow(machine, Map.of())
                : new PropertyQuestion()
                        .of("HostSystem", "config.product.version", "config.product.build")
                        .ask(vim, host.get());
    }

    static Optional<String> of(String version, String build) {
        boolean older = build.matches("[0-9]{1,18}") && Long.parseLong(build) < MENDED_BUILD;
        return version.startsWith("6.0") && older
                ? Optional.of(
                        "its host runs ESXi %s build %s, which can lose changes (VMware KB 2136854); update it to build %d or later"
                                .formatted(version, build, MENDED_BUILD))
                : Optional.empty();
    }
}
