package io.migratekit.volume.cloudstack;

import static io.migratekit.config.account.ServerTrust.AUTHORITIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How listings of many pages, and of one thing, are read. */
final class CloudListingsTest extends CloudFixture {
    private CloudStackClient client;

    @BeforeEach
    void connect() {
        client = new CloudStackClient(
                server.endpoint(), AUTHORITIES, Clouds.keys(), Clouds.REQUEST_TIMEOUT, Clock.systemUTC());
    }

    @Test
    void readsAllPagesOfAListing() {
        for (int i = 0; i < 1100; i++) {
            server.state.volumes.put("v" + i, new CloudRow("v" + i, "n").set("state", "Ready"));
        }
        List<JsonNode> rows = client.list(ApiCommand.of("listVolumes"), "volume");
        assertThat(rows)
                .extracting(row -> row.path("id").asString(""))
                .doesNotHaveDuplicates()
                .hasSize(1100);
        assertThat(server.asked("listVolumes")).isEqualTo(3);
    }

    @Test
    void asksForSmallerPagesWhereTheOperatorAllowsNoLargerOnes() {
        for (int i = 0; i < 250; i++) {
            server.state.volumes.put("v" + i, new CloudRow("v" + i, "n").set("state", "Ready"));
        }
        server.fail(
                "listVolumes",
                new Fault.Refused(431, "Page size can't exceed max allowed page size value: 100"),
                new Fault.None(),
                new Fault.None(),
                new Fault.None(),
                new Fault.Refused(431, "Page size can't exceed max allowed page size value: 500"));
        assertThat(client.list(ApiCommand.of("listVolumes"), "volume")).hasSize(250);
        assertThat(server.asked("listVolumes")).isEqualTo(4);
        assertThat(server.last("listVolumes").required("pagesize")).isEqualTo("100");
        assertThat(failure(() -> client.list(ApiCommand.of("listVolumes"), "volume")))
                .hasMessageContaining("error 431");
    }

    @Test
    void readsAListingAgainThatChangedBetweenItsPages() {
        for (int i = 0; i < 600; i++) {
            server.state.volumes.put("v" + i, new CloudRow("v" + i, "n").set("state", "Ready"));
        }
        server.state.afterPage = () -> {
            server.state.volumes.remove("v0"); // shifts row 500 from the second page to the first
            server.state.afterPage = () -> {};
        };
        List<JsonNode> rows = client.list(ApiCommand.of("listVolumes"), "volume");
        assertThat(rows)
                .extracting(row -> row.path("id").asString(""))
                .doesNotHaveDuplicates()
                .hasSize(599);
    }

    @Test
    void givesUpOnAListingThatNeverStandsStill() {
        for (int i = 0; i < 600; i++) {
            server.state.volumes.put("v" + i, new CloudRow("v" + i, "n").set("state", "Ready"));
        }
        server.state.afterPage = () -> server.state.volumes.remove(
                server.state.volumes.keySet().iterator().next());
        assertThat(failure(() -> client.list(ApiCommand.of("listVolumes"), "volume")))
                .hasMessageContaining("changed under each of 5 readings")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    @Test
    void takesAnUnknownIdOfAListingForNothingFound() {
        assertThat(client.listOne(ApiCommand.of("listVolumes").with("id", "x"), "volume"))
                .isEmpty();
    }

    @Test
    void takesOneThingInSeveralStoresForOneThing() {
        server.state.snapshots.put("s", new CloudRow("s", "n"));
        assertThat(client.listOne(ApiCommand.of("listSnapshots").with("id", "s"), "snapshot"))
                .isPresent();
        server.fail("listSnapshots", new Fault.Json(200, "{\"r\":{\"snapshot\":[{\"id\":\"a\"},{\"id\":\"b\"}]}}"));
        assertThat(failure(() -> client.listOne(ApiCommand.of("listSnapshots").with("id", "s"), "snapshot")))
                .hasMessageContaining("with 2 entries");
    }

    @Test
    void saysThatAnEntryCannotBeRead() {
        CloudStack cloud = Clouds.connect(server);
        server.fail("listVolumes", new Fault.Json(200, "{\"r\":{\"count\":1,\"volume\":[{\"id\":\"17\"}]}}"));
        assertThat(failure(() -> cloud.volumes().owned()))
                .hasMessageContaining("answers listVolumes with an entry that cannot be read: '17'");
        server.fail("listZones", new Fault.Json(200, "{\"r\":{\"count\":1,\"zone\":[{}]}}"));
        assertThat(failure(() -> cloud.catalog().zones())).hasMessageContaining("listZones with an entry");
    }
}
