package io.migratekit.shell.vma;

import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.job.ledger.Machine;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.vcenter.Choice;
import io.migratekit.shell.vcenter.SeveralAccounts;
import io.migratekit.shell.vcenter.SourceVm;
import io.migratekit.shell.vcenter.Surroundings;
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.power.MachinePower;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The vCenters whose accounts are kept. All calls share a session, as long as its account is stored as it was then. */
final class VcenterSite implements SourceSite {
    private final Services services;
    private final Changes changes;

    VcenterSite(Services services, Changes changes) {
        this.services = services;
        this.changes = changes;
    }

    @Override
    public Discovery discover(Search search) throws IOException {
        VmwareCredential account = account(search.vcenter(), search.username());
        try (VCenterSession session = services.service(VCenters.class).named(account.name())) {
            List<InventoryMachine> machines = new Surroundings(account, session)
                    .machines(search.filter()).stream()
                            .filter(machine -> search.datacenter().isEmpty()
                                    || search.datacenter().equals(machine.datacenter()))
                            .toList();
            return new Discovery(account.name(), account.host().text(), session.instanceUuid(), machines);
        }
    }

    @Override
    public Tracking tracking(Wanted wanted) throws IOException {
        try (SourceVm vm = open(wanted)) {
            return new Tracking(found(vm), vm.tracked().status(), vm.tracked().disks());
        }
    }

    @Override
    public Enabled enableTracking(Wanted wanted) throws IOException {
        try (SourceVm vm = openToChange(wanted)) {
            boolean changed = change("enable-cbt", vm, () -> vm.tracked().enable());
            return new Enabled(found(vm), changed);
        }
    }

    @Override
    public Powered power(Wanted wanted) throws IOException {
        try (SourceVm vm = open(wanted)) {
            return new Powered(found(vm), power(vm).now());
        }
    }

    @Override
    public SwitchedOff powerOff(Wanted wanted, Duration patience) throws IOException {
        try (SourceVm vm = openToChange(wanted)) {
            return new SwitchedOff(
                    found(vm), change("power-off", vm, () -> power(vm).off(patience)));
        }
    }

    @Override
    public SwitchedOn powerOn(Wanted wanted) throws IOException {
        try (SourceVm vm = openToChange(wanted)) {
            boolean changed = change("power-on", vm, () -> {
                boolean was = power(vm).now() == Power.ON;
                power(vm).on();
                return !was;
            });
            return new SwitchedOn(found(vm), changed);
        }
    }

    private <T> T change(String operation, SourceVm vm, Changes.Change<T> change) throws IOException {
        return changes.make(
                "%s of VM '%s' (%s)".formatted(operation, vm.name(), vm.instanceUuid()),
                vm.added().map(Machine::contextId).orElse(""),
                change);
    }

    private static MachinePower power(SourceVm vm) throws IOException {
        return new MachinePower(vm.session(), vm.tracked().reference());
    }

    private static Found found(SourceVm vm) {
        return new Found(vm.name(), vm.instanceUuid());
    }

    private SourceVm open(Wanted wanted) throws IOException {
        return SourceVm.open(services, wanted.words(), accountName(wanted));
    }

    private SourceVm openToChange(Wanted wanted) throws IOException {
        return SourceVm.openToChange(services, wanted.words(), accountName(wanted));
    }

    private Optional<String> accountName(Wanted wanted) {
        return wanted.vcenter().isEmpty()
                ? Optional.empty()
                : Optional.of(account(wanted.vcenter(), Optional.empty()).name());
    }

    private VmwareCredential account(Optional<String> vcenter, Optional<String> username) {
        if (vcenter.isEmpty() && username.isEmpty()) {
            return Choice.vcenter(services, Optional.empty());
        }
        List<VmwareCredential> all = services.service(VmwareCredentials.class).list();
        List<VmwareCredential> meant = all.stream()
                .filter(account -> vcenter.isEmpty() || meant(account, vcenter.get()))
                .filter(account -> username.isEmpty() || account.username().equalsIgnoreCase(username.get()))
                .toList();
        String words = "vCenter%s%s"
                .formatted(
                        vcenter.map(text -> " '" + text + "'").orElse(""),
                        username.map(text -> " with the user '" + text + "'").orElse(""));
        if (meant.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.NO_SUCH_THING,
                    "there is no %s; those there are: %s. 'vcenter add' adds one".formatted(words, names(all)));
        }
        return meant.stream()
                .filter(account -> meant.size() == 1 || account.name().equals(vcenter.orElse("")))
                .findFirst()
                .or(() -> meant.stream().filter(VmwareCredential::preferred).findFirst())
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.NEEDS_DECISION,
                        "several accounts are of the %s: %s; name one of them".formatted(words, names(meant)),
                        new SeveralAccounts(meant)));
    }

    private static boolean meant(VmwareCredential account, String vcenter) {
        return account.name().equals(vcenter)
                || address(vcenter).filter(account.host()::equals).isPresent();
    }

    private static Optional<VcenterHost> address(String words) {
        try {
            return Optional.of(new VcenterHost(words));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name of an account that is no address
        }
    }

    private static String names(List<VmwareCredential> accounts) {
        return accounts.isEmpty()
                ? "none"
                : String.join(
                        ", ", accounts.stream().map(VmwareCredential::name).toList());
    }
}
