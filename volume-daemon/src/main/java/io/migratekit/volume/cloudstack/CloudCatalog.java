package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.ResourceId;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What the cloud offers to the account, and how much of it is left. */
final class CloudCatalog implements Catalog {
    private final CloudStackClient client;

    CloudCatalog(CloudStackClient client) {
        this.client = client;
    }

    @Override
    public List<Zone> zones() {
        return list(
                ApiCommand.of("listZones").with("available", "true"),
                "zone",
                row -> new Zone(id(row, "id"), name(row)));
    }

    @Override
    public List<Network> networks(ResourceId zone) {
        return list(
                ApiCommand.of("listNetworks").with("zoneid", zone.text()),
                "network",
                row -> new Network(id(row, "id"), name(row), row.path("type").asString(""), id(row, "zoneid")));
    }

    @Override
    public List<ServiceOffering> serviceOfferings() {
        return list(
                ApiCommand.of("listServiceOfferings"),
                "serviceoffering",
                row -> new ServiceOffering(
                        id(row, "id"),
                        name(row),
                        custom(row),
                        row.path("cpunumber").asInt(0),
                        row.path("memory").asInt(0)));
    }

    @Override
    public List<DiskOffering> diskOfferings() {
        return list(ApiCommand.of("listDiskOfferings"), "diskoffering", CloudCatalog::diskOffering);
    }

    @Override
    public List<Template> templates(ResourceId zone) {
        ApiCommand command = ApiCommand.of("listTemplates")
                .with("templatefilter", "executable")
                .with("zoneid", zone.text());
        return list(
                command,
                "template",
                row -> new Template(
                        id(row, "id"),
                        name(row),
                        row.path("ostypename").asString(""),
                        row.path("isready").asBoolean(false),
                        row.path("size").asLong(0)));
    }

    /**
     * Looks whether volumes can be made in a zone of an offering.
     *
     * @return what was seen, for people
     */
    String check(ResourceId zone, ResourceId diskOffering) {
        return "CloudStack at %s answers: zone '%s', disk offering '%s'"
                .formatted(
                        client.host(), zone(zone), volumesOffering(diskOffering).name());
    }

    /** Returns the name of a zone. */
    String zone(ResourceId id) {
        return client.listOne(ApiCommand.of("listZones").with("id", id.text()), "zone")
                .map(CloudCatalog::name)
                .orElseThrow(() -> refused("zone %s is not in the cloud at %s; 'ossea offers' shows the zones"
                        .formatted(id, client.host())));
    }

    /**
     * Returns a disk offering for volumes.
     *
     * @throws VolumeException of kind REFUSED if it is not there, or fixes the size
     */
    DiskOffering volumesOffering(ResourceId id) {
        ApiCommand command = ApiCommand.of("listDiskOfferings").with("id", id.text());
        DiskOffering offering = client.listOne(command, "diskoffering")
                .map(row -> client.read(command, row, CloudCatalog::diskOffering))
                .orElseThrow(() ->
                        refused("disk offering %s is not in the cloud at %s; 'ossea offers' shows the disk offerings"
                                .formatted(id, client.host())));
        if (!offering.custom()) {
            throw refused(
                    "disk offering '%s' makes disks of %d GiB only; volumes for replications need one whose size is left open"
                            .formatted(offering.name(), offering.sizeGib()));
        }
        return offering;
    }

    /** Compares with what is left of the account's limit; a cloud that does not tell is asked to find out itself. */
    void checkRoom(long addedGib) {
        OptionalLong left = leftGib();
        if (left.isPresent() && left.getAsLong() < addedGib) {
            throw new VolumeException(
                    Kind.NO_ROOM,
                    "%d GiB are needed, and the account's limit at %s leaves %d GiB of primary storage; raise it, or delete volumes"
                            .formatted(addedGib, client.host(), left.getAsLong()));
        }
    }

    /** Returns what is left of the account's limit; nothing if there is none, or the cloud does not tell. */
    OptionalLong leftGib() {
        List<JsonNode> accounts = client.list(ApiCommand.of("listAccounts"), "account");
        String left = accounts.size() == 1
                ? accounts.get(0).path("primarystorageavailable").asString("")
                : "";
        return left.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(left)) : OptionalLong.empty();
    }

    private static DiskOffering diskOffering(JsonNode row) {
        return new DiskOffering(
                id(row, "id"), name(row), custom(row), row.path("disksize").asLong(0));
    }

    private <T extends Record> List<T> list(ApiCommand command, String element, Function<JsonNode, T> reading) {
        return client.list(command, element).stream()
                .sorted(Comparator.comparing(CloudCatalog::name))
                .map(row -> client.read(command, row, reading))
                .toList();
    }

    private static ResourceId id(JsonNode row, String field) {
        return new ResourceId(row.path(field).asString(""));
    }

    private static String name(JsonNode row) {
        return row.path("name").asString("");
    }

    private static boolean custom(JsonNode row) {
        return row.path("iscustomized").asBoolean(false);
    }

    private static VolumeException refused(String message) {
        return new VolumeException(Kind.REFUSED, message);
    }
}
