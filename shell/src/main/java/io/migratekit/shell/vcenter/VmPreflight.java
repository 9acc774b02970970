package io.migratekit.shell.vcenter;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.vault.VaultException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.account.CloudChecks;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Ties;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at all that can make the replication of a VM of a vCenter fail or slow, and at what would keep its replica from
 * starting in the cloud. Changes nothing there.
 */
public final class VmPreflight {
    /** Replications run every night as a rule. */
    private static final Duration AGE_MAX = Duration.ofHours(24);

    private final Services services;

    public VmPreflight(Services services) {
        this.services = services;
    }

    /**
     * Looks, which takes some seconds.
     *
     * @param words a VM that was added; else its name, path or UUID in the vCenter
     * @param vcenter where it is looked for even if it was added
     * @return what was found, in the order of what depends on what, first what a replication needs; a vCenter that
     *     cannot be used is a finding as well
     * @throws SourceException.NotFound if there is no such VM
     */
    public List<Finding> look(String words, Optional<String> vcenter) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Finding> failover = new ArrayList<>();
        Optional<Machine> added = Optional.empty();
        Map<DiskKey, Long> capacities = Map.of();
        try (SourceVm vm = SourceVm.open(services, words, vcenter)) {
            added = vm.added();
            SourceChecks checks = new SourceChecks(vm, SnapshotOwners.of(services));
            findings.addAll(checks.look());
            capacities = checks.capacities();
            Ties ties = Ties.of(vm.session(), vm.tracked().reference());
            failover.addAll(new GuestChecks(checks.machine(), ties, checks.replicatedKeys()).look());
            failover.addAll(CloudChecks.of(services).look(checks.machine()));
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
            findings.addAll(targets(capacities).look(added.get()));
            failover.add(restorePoint(added.get(), Instant.now()));
        } else {
            findings.add(Finding.optional(
                    "targets", "none yet: the VM was not added", "vm add NAME --from, then look again"));
        }
        findings.addAll(failover);
        return findings;
    }

    private TargetChecks targets(Map<DiskKey, Long> capacities) {
        MigrateKitSettings settings = services.service(MigrateKitSettings.class);
        List<OsseaConfig> clouds = services.service(OsseaConfigs.class).list();
        PoolRoom room = new PoolRoom(settings, clouds.stream().anyMatch(OsseaConfig::active));
        return new TargetChecks(capacities, () -> services.service(Volumes.class), room::bytesMax);
    }

    private Finding restorePoint(Machine machine, Instant now) {
        List<RestorePoint> points = services.service(MachineCatalog.class).restorePoints(machine);
        return restorePoint(machine.name(), points.stream().findFirst(), now);
    }

    static Finding restorePoint(String name, Optional<RestorePoint> newest, Instant now) {
        String what = "failover: replica";
        String next = "replicate start " + Words.quote(name);
        if (newest.isEmpty()) {
            return Finding.optional(what, "there is no restore point yet", next);
        }
        Duration age =
                Duration.between(newest.get().moment().orElse(newest.get().createdAt()), now);
        String found = "the last restore point is %s old".formatted(Units.duration(age));
        if (newest.get().unsafeTarget()) {
            return Finding.warning(
                    what, found + ", on a target that offers no FLUSH", "verify it before you rely on it");
        }
        return age.compareTo(AGE_MAX) > 0
                ? Finding.warning(what, found + ": what was written since is not in it", next)
                : Finding.ok(what, found);
    }
}
