package io.migratekit.shell.account;

import io.migratekit.shell.command.ShellCommand;
import java.util.List;

/** All commands about clouds, vCenters and their secrets. */
public final class AccountCommands {
    static final String GROUP = "Clouds and vCenters";

    private AccountCommands() {}

    /** Returns the commands over some services. */
    public static List<ShellCommand> with(Services services) {
        return List.of(
                new OsseaAdd(services),
                new OsseaList(services),
                new OsseaShow(services),
                new OsseaOffers(services),
                new OsseaTest(services),
                new OsseaUse(services),
                new OsseaSet(services),
                new OsseaRenew(services),
                new OsseaRemove(services),
                new VcenterAdd(services, "vcenter add"),
                new VcenterAdd(services, "credentials add"),
                new VcenterList(services),
                new VcenterUse(services),
                new VcenterSet(services),
                new VcenterPassword(services),
                new VcenterRemove(services, "vcenter remove"),
                new VcenterRemove(services, "credentials remove"),
                new CredentialsList(services),
                new CredentialsTest(services),
                new CredentialsRotate(services));
    }
}
