package io.migratekit.shell.vcenter;

import com.vmware.vim25.AboutInfo;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.vault.VaultException;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Findings;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.privilege.Privileges;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vcenter test}. */
final class VcenterTest implements ShellCommand {
    private final Services services;

    VcenterTest(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        "Clouds and vCenters", "vcenter test", "Logs in to a vCenter and looks at what its user may do")
                .details("Changes nothing. Exit code 1 if something is missing; each finding says what to do.")
                .optionalArgument("name", "of the vCenter; else the default one", Completes.VCENTER_NAMES)
                .example("vcenter test")
                .example("vcenter test vc2 --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        VmwareCredential account = Choice.vcenter(services, call.optionalArgument(0));
        List<Finding> all = new ArrayList<>();
        Map<String, @Nullable Object> object = Result.object("vcenter", account.name());
        try (VCenterSession session = services.service(VCenters.class).anew(account.name())) {
            AboutInfo about = session.about();
            object.put("product", about.getFullName());
            object.put("apiVersion", about.getApiVersion());
            object.put("instanceUuid", session.instanceUuid());
            all.add(Finding.ok("log-in", "as %s at %s".formatted(account.username(), account.host())));
            all.add(certificate(account, session));
            all.add(Finding.ok("version", "%s, API %s".formatted(about.getFullName(), about.getApiVersion())));
            all.add(privileges(account, session));
            all.add(machines(account, session));
        } catch (SourceException | VaultException e) {
            all.add(refused(account, e));
        }
        Findings findings = new Findings(all);
        findings.show(screen);
        screen.say("");
        boolean fine = findings.errors() == 0;
        screen.say(
                fine ? Style.GOOD : Style.BAD,
                fine
                        ? "VMs of '%s' can be replicated.".formatted(account.name())
                        : "Something must be mended first, see above.");
        object.put("status", fine ? "ok" : "error");
        object.put("findings", findings.objects());
        return new Result(fine ? ExitCode.DONE : ExitCode.FAILED, object);
    }

    private static Finding certificate(VmwareCredential account, VCenterSession session) throws SourceException {
        return account.trust().insecure()
                ? Finding.warning(
                        "certificate",
                        "not checked: whoever answers at this address gets the password",
                        "compare it, then: vcenter set %s --thumbprint %s"
                                .formatted(Words.quote(account.name()), session.sha1Thumbprint()))
                : Finding.ok("certificate", "checked by " + account.trust());
    }

    private static Finding privileges(VmwareCredential account, VCenterSession session) throws SourceException {
        List<String> missing = new Privileges(session).missingAtTop();
        if (missing.isEmpty()) {
            return Finding.ok("privileges", "all that replications need");
        }
        if (!missing.contains("System.View") && missing.stream().noneMatch(Privileges.NEEDED_AT_TOP::contains)) {
            return Finding.warning(
                    "privileges",
                    "not at the top of the tree: " + String.join(", ", missing),
                    "fine if %s has them on the VMs; 'doctor --vm' looks at one".formatted(account.username()));
        }
        return Finding.error(
                "privileges",
                "missing: " + String.join(", ", missing),
                "give %s a role with them, from the top of the tree down".formatted(account.username()));
    }

    private static Finding machines(VmwareCredential account, VCenterSession session) throws SourceException {
        List<InventoryMachine> machines = new Surroundings(account, session).machines();
        String where = account.datacenter()
                .map(name -> " in datacenter '" + name + "'")
                .orElse("");
        return machines.isEmpty()
                ? Finding.warning(
                        "virtual machines",
                        "none" + where,
                        "give %s a role where the VMs are, or look at the datacenter of the account"
                                .formatted(account.username()))
                : Finding.ok(
                        "virtual machines",
                        "%d%s, %d of them with change tracking"
                                .formatted(
                                        machines.size(),
                                        where,
                                        machines.stream()
                                                .filter(InventoryMachine::tracked)
                                                .count()));
    }

    private static Finding refused(VmwareCredential account, Exception e) {
        String name = Words.quote(account.name());
        String remedy;
        if (e instanceof VaultException) {
            remedy = "'credentials test' looks at every secret";
        } else if (e instanceof SourceException.Refused) {
            remedy =
                    "vcenter password %s enters it again; vcenter set %s --thumbprint or --ca-file trusts a certificate"
                            .formatted(name, name);
        } else {
            remedy = "see that %s can be reached from here; another host needs 'vcenter add'".formatted(account.host());
        }
        return Finding.error("log-in", String.valueOf(e.getMessage()), remedy);
    }
}
