package io.migratekit.source.vcenter;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceConfiguration;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceRef;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterLimits;
import io.migratekit.source.vddk.VddkSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The sources as the application wires them, with accounts at lab vCenters and the lab's stand-in for VDDK. */
final class LabSource implements AutoCloseable {
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final List<VCenterAccount> accounts = new CopyOnWriteArrayList<>();

    /** Wires sources that read the disks of one lab. */
    LabSource(LabVCenter lab, FullPlan fullPlan) {
        VddkSettings usual = VddkSettings.defaults();
        VddkSettings settings = new VddkSettings(
                lab.vddk(Path.of("/usr/bin/nbdkit")),
                usual.transports(),
                usual.compression(),
                usual.connections(),
                usual.startTimeout(),
                usual.openTimeout(),
                usual.silenceMax(),
                usual.endTimeout(),
                usual.folder());
        context.registerBean(VddkSettings.class, () -> settings);
        context.registerBean(VCenterLimits.class, LabAccounts::limits);
        context.registerBean(FullPlan.class, () -> fullPlan);
        context.registerBean(VCenterAccounts.class, Accounts::new);
        context.register(SourceConfiguration.class);
        context.refresh();
        know(LabAccounts.of(lab));
    }

    /** Stores an account. */
    void know(VCenterAccount account) {
        accounts.add(account);
    }

    /** Forgets an account. */
    void forget(VCenterAccount account) {
        accounts.remove(account);
    }

    SourceMachines machines() {
        return context.getBean(SourceMachines.class);
    }

    /** Returns all disks of a machine as it was made. */
    static Map<DiskKey, SourceRef> disks(LabVCenter lab, LabMachine machine) {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>();
        for (int key : machine.disks()) {
            disks.put(new DiskKey(Integer.toString(key)), ref(lab, machine, key));
        }
        return disks;
    }

    static SourceRef ref(LabVCenter lab, LabMachine machine, int key) {
        return new VCenterRef(lab.instanceUuid(), machine.instanceUuid(), key).toSourceRef();
    }

    @Override
    public void close() {
        context.close();
    }

    private final class Accounts implements VCenterAccounts {
        @Override
        public List<VCenterAccount> candidates(String instanceUuid, String machineName) {
            return List.copyOf(accounts);
        }

        @Override
        public Optional<VCenterAccount> named(String name) {
            return accounts.stream()
                    .filter(account -> account.name().equals(name))
                    .findFirst();
        }
    }
}
