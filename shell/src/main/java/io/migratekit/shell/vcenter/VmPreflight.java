package io.migratekit.shell.vcenter;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.vault.VaultException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at all that can make the replication of a VM of a vCenter fail or slow. Changes nothing there. */
public final class VmPreflight {
    private final Services services;

    public VmPreflight(Services services) {
        this.services = services;
    }

    /**
     * Looks, which takes some seconds.
     *
     * @param words a VM that was added; else its name, path or UUID in the vCenter
     * @param vcenter where it is looked for even if it was added
     * @return what was found, in the order of what depends on what; a vCenter that cannot be used is a finding as well
     * @throws SourceException.NotFound if there is no such VM
     */
    public List<Finding> look(String words, Optional<String> vcenter) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Optional<Machine> added = Optional.empty();
        Map<DiskKey, Long> capacities = Map.of();
        try (SourceVm vm = SourceVm.open(services, words, vcenter)) {
            added = vm.added();
            SourceChecks checks = new SourceChecks(vm, SnapshotOwners.of(services));
            findings.addAll(checks.look());
            capacities = checks.capacities();
        } catch (SourceException.NotFound e) {
            throw e;
        } catch (SourceException | VaultException e) {
            findings.add(Finding.error(
                    "vCenter",
                    String.valueOf(e.getMessage()),
                    "'vcenter test' looks at account, certificate and rights"));
            added = services.service(MachineCatalog.class).list().stream()
                    .filter(machine -> machine.name().equals(words))
                    .findFirst();
        }
        findings.add(VddkCheck.look(services.service(MigrateKitSettings.class).vddk()));
        if (added.isPresent()) {
            TargetChecks targets = new TargetChecks(capacities, () -> services.service(Volumes.class));
            findings.addAll(targets.look(added.get()));
        } else {
            findings.add(Finding.optional(
                    "targets", "none yet: the VM was not added", "vm add NAME --from, then look again"));
        }
        return findings;
    }
}
