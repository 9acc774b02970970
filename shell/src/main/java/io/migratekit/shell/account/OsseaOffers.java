package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.cloudstack.CloudAccounts;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ossea offers}: what a cloud lets its account choose from. */
final class OsseaOffers implements ShellCommand {
    private final Services services;

    OsseaOffers(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP,
                        "ossea offers",
                        "Lists the zones, offerings, networks and templates that a cloud offers")
                .optionalArgument("name", "of the cloud; else the active one", Completes.OSSEA_NAMES)
                .example("ossea offers prod")
                .build();
    }

    /** One row, whatever it is of. */
    private record Row(String kind, String id, String name, String remark) {}

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        OsseaConfig config = Chosen.ossea(services.service(OsseaConfigs.class), call.optionalArgument(0));
        List<Row> rows = rows(
                services.service(CloudAccounts.class).catalog(config),
                config.place().zone());
        Table table = new Table("Kind", "Id", "Name", "Remark");
        rows.forEach(row -> table.row(row.kind(), row.id(), row.name(), row.remark()));
        screen.table(table);
        return Result.done(
                "ossea",
                config.name(),
                "offers",
                rows.stream().map(OsseaOffers::object).toList());
    }

    private static List<Row> rows(Catalog catalog, String zoneId) {
        ResourceId zone = new ResourceId(zoneId);
        List<Row> rows = new ArrayList<>();
        catalog.zones().forEach(one -> rows.add(new Row("zone", one.id().text(), one.name(), "")));
        catalog.diskOfferings()
                .forEach(one -> rows.add(new Row(
                        "disk offering",
                        one.id().text(),
                        one.name(),
                        one.custom() ? "any size" : one.sizeGib() + " GiB only, not for volumes")));
        catalog.serviceOfferings()
                .forEach(one -> rows.add(new Row(
                        "service offering",
                        one.id().text(),
                        one.name(),
                        one.custom() ? "any size" : "%d CPU, %d MiB".formatted(one.cpus(), one.memoryMib()))));
        catalog.networks(zone)
                .forEach(one -> rows.add(new Row("network", one.id().text(), one.name(), one.type())));
        catalog.templates(zone)
                .forEach(one -> rows.add(
                        new Row("template", one.id().text(), one.name(), one.ready() ? one.system() : "not ready")));
        return rows;
    }

    private static Map<String, @Nullable Object> object(Row row) {
        return Result.object("kind", row.kind(), "id", row.id(), "name", row.name(), "remark", row.remark());
    }
}
