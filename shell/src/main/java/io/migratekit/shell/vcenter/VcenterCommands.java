package io.migratekit.shell.vcenter;

import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.OptionSpec;
import java.util.List;

/** All commands about what is in vCenters. */
public final class VcenterCommands {
    static final String MACHINES = "Virtual machines";

    private VcenterCommands() {}

    /** Returns the commands over some services. */
    public static List<ShellCommand> with(Services services) {
        return List.of(
                new VcenterTest(services),
                new VmDiscover(services),
                new CbtStatus(services),
                new CbtEnable(services),
                new Cleanup(services));
    }

    /** Returns the option that names a vCenter. */
    public static OptionSpec vcenterOption() {
        return OptionSpec.value("vcenter", "NAME", "the vCenter (default: the default one)")
                .completing(Completes.VCENTER_NAMES);
    }
}
