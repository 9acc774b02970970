package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.job.ledger.Origin;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import io.migratekit.source.DiskKey;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code vm add --from}: adds a VM of a vCenter with all its disks. */
public final class FromVcenter {
    private static final String FROM = "from";
    private static final String TARGET = "disk-target";
    private static final String WITHOUT = "without";

    private final Services services;

    public FromVcenter(Services services) {
        this.services = services;
    }

    /** Adds the options that it reads. */
    public static Syntax.Builder in(Syntax.Builder syntax) {
        return syntax.option(
                        OptionSpec.value(FROM, "VM", "a VM of a vCenter by its name, path or UUID, with all its disks"))
                .option(VcenterCommands.vcenterOption())
                .option(OptionSpec.value(TARGET, "KEY=TARGET", "where the disk with this key goes, with --from")
                        .manyTimes())
                .option(OptionSpec.value(WITHOUT, "KEY", "leave the disk with this key out, with --from")
                        .manyTimes());
    }

    /** Tells whether the command is about a VM of a vCenter. */
    public static boolean wanted(Invocation call) {
        return call.value(FROM).isPresent();
    }

    /**
     * Refuses options that say nothing without {@code --from}.
     *
     * @throws UsageException if there are any
     */
    public static void requireNone(Invocation call) {
        for (String option : List.of("vcenter", TARGET, WITHOUT)) {
            if (call.has(option)) {
                throw new UsageException("--%s needs --from, which names a VM of a vCenter".formatted(option));
            }
        }
    }

    /**
     * Adds the VM under the name that the command gives it.
     *
     * @throws io.migratekit.source.SourceException.NotFound if there is no such VM
     * @throws io.migratekit.shell.command.CommandFailure with the candidates, if there are several
     */
    public Machine add(Invocation call, Screen screen) throws IOException {
        VmwareCredential account = Choice.vcenter(services, call.value("vcenter"));
        MachineCatalog catalog = services.service(MachineCatalog.class);
        try (VCenterSession session = services.service(VCenters.class).named(account.name())) {
            InventoryMachine found =
                    new Surroundings(account, session).find(call.value(FROM).orElseThrow());
            new AddedMachines(catalog)
                    .name(session.instanceUuid(), found.instanceUuid())
                    .ifPresent(name -> screen.warn("note: '%s' is the same VM of the vCenter".formatted(name)));
            Origin origin = new Origin(
                    account.host().text(),
                    found.instanceUuid(),
                    found.path(),
                    found.datacenter().orElse(""),
                    account.name());
            return catalog.add(call.argument(0), origin, disks(call, session.instanceUuid(), found));
        }
    }

    private static List<NewDisk> disks(Invocation call, String vCenter, InventoryMachine found) {
        Map<Integer, TargetRef> targets = targets(call);
        Set<Integer> left = call.values(WITHOUT).stream()
                .map(text -> key(WITHOUT, text))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> named = new TreeSet<>(targets.keySet());
        named.addAll(left);
        List<Integer> keys = found.disks().stream().map(InventoryDisk::key).toList();
        named.stream().filter(key -> !keys.contains(key)).findFirst().ifPresent(key -> {
            throw new UsageException("'%s' has no disk %d; its disks are %s".formatted(found.path(), key, keys));
        });
        targets.keySet().stream().filter(left::contains).findFirst().ifPresent(key -> {
            throw new UsageException("disk %d has a target and is left out; give one of the two".formatted(key));
        });
        List<NewDisk> disks = keys.stream()
                .filter(key -> !left.contains(key))
                .map(key -> new NewDisk(
                        new DiskKey(Integer.toString(key)),
                        new VCenterRef(vCenter, found.instanceUuid(), key).toSourceRef(),
                        Optional.ofNullable(targets.get(key))))
                .toList();
        if (disks.isEmpty()) {
            throw new UsageException(
                    "'%s' has no disk that is not left out; there is nothing to replicate".formatted(found.path()));
        }
        return disks;
    }

    private static Map<Integer, TargetRef> targets(Invocation call) {
        Map<Integer, TargetRef> targets = new HashMap<>();
        for (String text : call.values(TARGET)) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new UsageException(
                        "--%s is '%s'; KEY=TARGET is needed, as in 2000=nbd://storage/vol-1".formatted(TARGET, text));
            }
            int key = key(TARGET, text.substring(0, equals));
            if (targets.put(key, TargetRef.parse(text.substring(equals + 1))) != null) {
                throw new UsageException("disk %d has two targets; give one".formatted(key));
            }
        }
        return targets;
    }

    private static int key(String option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "--%s has '%s' for a disk's key; a number as in 2000 is needed, 'vm discover' shows them"
                            .formatted(option, text));
        }
    }
}
