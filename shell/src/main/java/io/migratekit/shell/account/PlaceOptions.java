package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaPlace;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.Catalog.DiskOffering;
import io.migratekit.volume.compute.ResourceId;
import java.util.List;
import java.util.Optional;

/** The options that say where in a cloud volumes and machines are made, checked against what it offers. */
final class PlaceOptions {
    private static final String ZONE = "zone";
    private static final String DISK_OFFERING = "disk offering";

    private static final List<String> NAMES =
            List.of("zone", "disk-offering", "service-offering", "network", "template", "oma-vm");

    private final Invocation call;
    private final Catalog catalog;

    PlaceOptions(Invocation call, Catalog catalog) {
        this.call = call;
        this.catalog = catalog;
    }

    static Syntax.Builder in(Syntax.Builder syntax) {
        return syntax.option(OptionSpec.value("zone", "ID|NAME", "where volumes are made"))
                .option(OptionSpec.value("disk-offering", "ID|NAME", "of volumes; its size must be left open"))
                .option(OptionSpec.value("service-offering", "ID|NAME", "of machines that a failover makes"))
                .option(OptionSpec.value("network", "ID|NAME", "of machines that a failover makes"))
                .option(OptionSpec.value("template", "ID|NAME", "that a failover makes machines of"))
                .option(OptionSpec.value(
                        "oma-vm", "ID", "the VM that this appliance is, if it does not find out itself"));
    }

    /** Tells whether any of them was given. */
    static boolean given(Invocation call) {
        return NAMES.stream().anyMatch(call::has);
    }

    /** Returns the place of a new configuration; what is not given and must be is asked for. */
    OsseaPlace chosen(Screen screen) {
        Optional<String> zone = zone();
        String inZone = zone.isPresent()
                ? zone.get()
                : Offer.chosen(ZONE, zones(), screen).id();
        Optional<String> offering = diskOffering();
        String ofDisks = offering.isPresent()
                ? offering.get()
                : Offer.chosen(DISK_OFFERING, openDiskOfferings(), screen).id();
        return with(OsseaPlace.of(inZone, ofDisks));
    }

    /** Returns a place with what was given instead of what it had. */
    OsseaPlace changed(OsseaPlace before) {
        return with(new OsseaPlace(
                zone().orElse(before.zone()),
                diskOffering().orElse(before.diskOffering()),
                before.serviceOffering(),
                before.network(),
                before.template(),
                before.omaVm()));
    }

    private OsseaPlace with(OsseaPlace place) {
        ResourceId zone = new ResourceId(place.zone());
        return new OsseaPlace(
                place.zone(),
                place.diskOffering(),
                call.value("service-offering")
                        .map(wanted -> Offer.named("service offering", serviceOfferings(), wanted)
                                .id())
                        .or(place::serviceOffering),
                call.value("network")
                        .map(wanted ->
                                Offer.named("network", networks(zone), wanted).id())
                        .or(place::network),
                call.value("template")
                        .map(wanted ->
                                Offer.named("template", templates(zone), wanted).id())
                        .or(place::template),
                call.value("oma-vm").or(place::omaVm));
    }

    private Optional<String> zone() {
        return call.value("zone")
                .map(wanted -> Offer.named(ZONE, zones(), wanted).id());
    }

    private Optional<String> diskOffering() {
        return call.value("disk-offering").map(wanted -> {
            List<DiskOffering> all = catalog.diskOfferings();
            Offer named = Offer.named(
                    DISK_OFFERING, all.stream().map(PlaceOptions::offer).toList(), wanted);
            all.stream()
                    .filter(offering -> offering.id().text().equals(named.id()) && !offering.custom())
                    .forEach(fixed -> {
                        throw new CommandFailure(
                                ExitCode.FAILED,
                                "disk offering '%s' makes disks of %d GiB only; volumes need one whose size is left open"
                                        .formatted(fixed.name(), fixed.sizeGib()));
                    });
            return named.id();
        });
    }

    private List<Offer> openDiskOfferings() {
        return catalog.diskOfferings().stream()
                .filter(DiskOffering::custom)
                .map(PlaceOptions::offer)
                .toList();
    }

    private static Offer offer(DiskOffering offering) {
        return new Offer(offering.id().text(), offering.name());
    }

    private List<Offer> zones() {
        return catalog.zones().stream()
                .map(zone -> new Offer(zone.id().text(), zone.name()))
                .toList();
    }

    private List<Offer> serviceOfferings() {
        return catalog.serviceOfferings().stream()
                .map(offering -> new Offer(offering.id().text(), offering.name()))
                .toList();
    }

    private List<Offer> networks(ResourceId zone) {
        return catalog.networks(zone).stream()
                .map(network -> new Offer(network.id().text(), network.name()))
                .toList();
    }

    private List<Offer> templates(ResourceId zone) {
        return catalog.templates(zone).stream()
                .map(template -> new Offer(template.id().text(), template.name()))
                .toList();
    }
}
