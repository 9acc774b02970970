package io.migratekit.volume.cloudstack;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Snapshots of volumes; each is named after the set that it belongs to. */
final class CloudSnapshots {
    private static final String ELEMENT = "snapshot";
    private static final String STEP = "snapshot";
    private static final Pattern SET = Pattern.compile("set-[0-9a-f-]{36}");
    private static final String READY = "BackedUp";
    private static final String BROKEN = "Error";
    private static final Set<String> GONE = Set.of("Destroying", "Destroyed", BROKEN);

    private final CloudStackClient client;
    private final Goals goals;

    CloudSnapshots(CloudStackClient client, Goals goals) {
        this.client = client;
        this.goals = goals;
    }

    void take(VolumeId volume, SnapshotSetId set, StepMemory memory) {
        discardBroken(volume, set, memory);
        ApiCommand command =
                ApiCommand.of("createSnapshot").with("volumeid", volume.text()).with("name", set.text());
        goals.reach(
                Goal.creation(
                        STEP,
                        "volume %s has a snapshot of %s".formatted(volume, set),
                        command,
                        () -> look(volume, set)),
                memory);
    }

    /** Two snapshots of one name share a file on storage, so what a failed try left goes before the next. */
    private void discardBroken(VolumeId volume, SnapshotSetId set, StepMemory memory) {
        List<JsonNode> rows = named(volume, set);
        if (rows.stream().allMatch(row -> state(row).equals(BROKEN))) {
            rows.forEach(row -> delete(id(row), memory));
        }
    }

    private Look<String> look(VolumeId volume, SnapshotSetId set) {
        List<JsonNode> living = named(volume, set).stream()
                .filter(row -> !GONE.contains(state(row)))
                .toList();
        return living.stream()
                .filter(row -> state(row).equals(READY))
                .findFirst()
                .map(row -> Look.reached(id(row)))
                .orElseGet(() -> Look.not(!living.isEmpty()));
    }

    /** Returns the snapshot's id, for a clone or a revert. */
    String required(VolumeId volume, SnapshotSetId set) {
        return look(volume, set)
                .reached()
                .orElseThrow(() -> new VolumeException(
                        Kind.NO_SUCH_THING,
                        "volume %s has no finished snapshot of %s in the cloud; 'volume reconcile' compares"
                                .formatted(volume, set)));
    }

    /** Puts a detached volume back, at most once for a memory: what is written after it must not be lost. */
    void revert(VolumeId volume, SnapshotSetId set, StepMemory memory) {
        ApiCommand command = ApiCommand.of("revertSnapshot").with("id", required(volume, set));
        // Nothing that can be looked at tells whether a volume was put back, so the end of the job has to be believed;
        // a job whose id was lost is asked for again, which does no harm while nobody writes.
        goals.believe("revert", "volume %s is as in %s".formatted(volume, set), command, memory);
    }

    /**
     * Removes every snapshot of a set, unfinished and broken ones too; with the memory of a snapshot that failed, not
     * before that can come no more.
     */
    void delete(VolumeId volume, SnapshotSetId set, StepMemory memory) {
        goals.outwait(STEP, memory);
        for (JsonNode row : named(volume, set)) {
            if (!state(row).equals("Destroyed") && !state(row).equals("Destroying")) {
                delete(id(row), memory);
            }
        }
    }

    private void delete(String snapshotId, StepMemory memory) {
        goals.reach(
                Goal.of(
                        "delete-" + snapshotId,
                        "snapshot %s is gone".formatted(snapshotId),
                        ApiCommand.of("deleteSnapshot").with("id", snapshotId),
                        () -> living(snapshotId) ? Look.<String>not(false) : Look.reached(snapshotId)),
                memory);
    }

    private boolean living(String snapshotId) {
        Optional<JsonNode> row = client.listOne(listing().with("id", snapshotId), ELEMENT);
        return row.isPresent() && !state(row.get()).startsWith("Destroy");
    }

    /** Returns the sets of which a volume has a finished snapshot. */
    Set<SnapshotSetId> setsOf(VolumeId volume) {
        return sets(listing().with("volumeid", volume.text())).getOrDefault(volume.text(), Set.of());
    }

    /** Returns the sets of all volumes, by volume id. */
    Map<String, Set<SnapshotSetId>> sets() {
        return sets(listing());
    }

    private Map<String, Set<SnapshotSetId>> sets(ApiCommand command) {
        Map<String, Set<SnapshotSetId>> sets = new HashMap<>();
        for (JsonNode row : client.list(command, ELEMENT)) {
            String name = row.path("name").asString("");
            if (state(row).equals(READY) && SET.matcher(name).matches()) {
                sets.computeIfAbsent(row.path("volumeid").asString(""), volume -> new HashSet<>())
                        .add(new SnapshotSetId(name));
            }
        }
        return sets;
    }

    /** By name and not by volume, since a snapshot outlives its volume and CloudStack then does not know that id. */
    private List<JsonNode> named(VolumeId volume, SnapshotSetId set) {
        return client.list(listing().with("name", set.text()), ELEMENT).stream()
                .filter(row -> row.path("volumeid").asString("").equals(volume.text()))
                .filter(row -> row.path("name").asString("").equals(set.text()))
                .toList();
    }

    /** Without that word, one on primary and secondary storage is listed twice. */
    private static ApiCommand listing() {
        return ApiCommand.of("listSnapshots").with("showunique", "true");
    }

    private static String id(JsonNode row) {
        return row.path("id").asString("");
    }

    private static String state(JsonNode row) {
        return row.path("state").asString("");
    }
}
