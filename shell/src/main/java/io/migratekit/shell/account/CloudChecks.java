package io.migratekit.shell.account;

import io.migratekit.config.account.AccountException;
import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.vault.VaultException;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.cloudstack.CloudAccounts;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.Catalog.Network;
import io.migratekit.volume.compute.Catalog.ServiceOffering;
import io.migratekit.volume.compute.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether the cloud has a place for a VM: a network for its cards, and processors and memory enough. */
public final class CloudChecks {
    private static final String CLOUD = "failover: cloud";
    private static final String NETWORK = "failover: network";
    private static final String OFFERING = "failover: size";

    private final Supplier<Optional<OsseaConfig>> active;
    private final Function<OsseaConfig, Catalog> catalogs;

    /**
     * Makes checks.
     *
     * @param active finds the cloud that machines are made in
     * @param catalogs reaches what it offers
     */
    CloudChecks(Supplier<Optional<OsseaConfig>> active, Function<OsseaConfig, Catalog> catalogs) {
        this.active = active;
        this.catalogs = catalogs;
    }

    /** Looks at the active cloud, with the accounts that are kept. */
    public static CloudChecks of(Services services) {
        return new CloudChecks(
                services.service(OsseaConfigs.class)::active,
                config -> services.service(CloudAccounts.class).catalog(config));
    }

    /** Looks whether a VM has a place there; a cloud that cannot be asked is a finding as well. */
    public List<Finding> look(InventoryMachine machine) {
        try {
            Optional<OsseaConfig> config = active.get();
            if (config.isEmpty()) {
                return List.of(Finding.optional(
                        CLOUD, "none is configured; a failover needs one", "ossea add, then look again"));
            }
            Catalog catalog = catalogs.apply(config.get());
            List<Finding> findings = new ArrayList<>();
            findings.add(network(machine, config.get(), catalog));
            findings.add(offering(machine, config.get(), catalog));
            return findings;
        } catch (VolumeException | VaultException | AccountException e) {
            return List.of(Finding.error(
                    CLOUD, String.valueOf(e.getMessage()), "'ossea test' tells more, 'ossea use' chooses"));
        }
    }

    private static Finding network(InventoryMachine machine, OsseaConfig config, Catalog catalog) {
        if (machine.nics().isEmpty()) {
            return Finding.ok(NETWORK, "the VM has no network card");
        }
        String cards = machine.nics().stream()
                .map(nic -> "%s on %s".formatted(nic.label(), nic.network().orElse("a network that is not visible")))
                .collect(Collectors.joining(", "));
        List<Network> networks = catalog.networks(new ResourceId(config.place().zone()));
        String choose = "ossea set %s --network ID; 'ossea offers' lists %d"
                .formatted(Words.quote(config.name()), networks.size());
        Optional<String> chosen = config.place().network();
        if (chosen.isEmpty()) {
            return Finding.warning(NETWORK, cards + ": no network of the cloud is chosen for them", choose);
        }
        Optional<Network> target = networks.stream()
                .filter(network -> network.id().text().equals(chosen.get()))
                .findFirst();
        if (target.isEmpty()) {
            return Finding.error(
                    NETWORK, "the cloud has no network %s (any more) in its zone".formatted(chosen.get()), choose);
        }
        boolean several =
                machine.nics().stream().map(InventoryNic::network).distinct().count() > 1;
        String found = "%s: go to '%s'".formatted(cards, target.get().name());
        return several
                ? Finding.warning(
                        NETWORK,
                        found + ", although they are on several networks here",
                        "see that its addresses fit there, or connect the others by hand after the failover")
                : Finding.ok(NETWORK, found);
    }

    private static Finding offering(InventoryMachine machine, OsseaConfig config, Catalog catalog) {
        String needed = "%d CPU(s), %s".formatted(machine.cpus(), Units.bytes(machine.memoryBytes()));
        List<ServiceOffering> all = catalog.serviceOfferings();
        String choose =
                "ossea set %s --service-offering ID; 'ossea offers' lists them".formatted(Words.quote(config.name()));
        Optional<String> chosen = config.place().serviceOffering();
        if (chosen.isEmpty()) {
            return all.stream()
                    .filter(offering -> fits(offering, machine))
                    .findFirst()
                    .map(offering -> Finding.ok(OFFERING, "%s fit into '%s'".formatted(needed, offering.name())))
                    .orElseGet(() -> Finding.error(
                            OFFERING,
                            "no service offering of the cloud has %s".formatted(needed),
                            "let one be made there, best with a size that is left open"));
        }
        return all.stream()
                .filter(offering -> offering.id().text().equals(chosen.get()))
                .findFirst()
                .map(offering -> fits(offering, machine)
                        ? Finding.ok(OFFERING, "%s fit into '%s'".formatted(needed, offering.name()))
                        : Finding.warning(
                                OFFERING,
                                "the VM has %s, and '%s' gives %d CPU(s), %d MiB"
                                        .formatted(needed, offering.name(), offering.cpus(), offering.memoryMib()),
                                choose))
                .orElseGet(() -> Finding.error(
                        OFFERING, "the cloud has no service offering %s (any more)".formatted(chosen.get()), choose));
    }

    private static boolean fits(ServiceOffering offering, InventoryMachine machine) {
        return offering.custom()
                || (offering.cpus() >= machine.cpus() && ((long) offering.memoryMib() << 20) >= machine.memoryBytes());
    }
}
