package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import java.util.List;
import java.util.Optional;

/** Which vCenter somebody means. */
public final class Choice {
    private Choice() {}

    /** Returns the one named, else the default one. */
    public static VmwareCredential vcenter(Services services, Optional<String> name) {
        VmwareCredentials credentials = services.service(VmwareCredentials.class);
        return name.map(credentials::show).or(credentials::preferred).orElseThrow(() -> none(credentials.list()));
    }

    private static CommandFailure none(List<VmwareCredential> others) {
        if (others.isEmpty()) {
            return new CommandFailure(ExitCode.NO_SUCH_THING, "there is no vCenter yet; 'vcenter add' adds one");
        }
        return new CommandFailure(
                ExitCode.NEEDS_DECISION,
                "no vCenter is the default; name one of %s, or 'vcenter use' makes one the default"
                        .formatted(String.join(
                                ", ",
                                others.stream().map(VmwareCredential::name).toList())),
                new SeveralAccounts(others));
    }
}
