package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A volume as {@code listVolumes} shows it.
 *
 * @param state CloudStack's word
 * @param vmId where it is attached
 * @param deviceNumber there
 * @param root whether it is a machine's root disk
 */
record CloudVolume(
        VolumeId id,
        String name,
        long sizeBytes,
        String state,
        boolean owned,
        Optional<String> vmId,
        OptionalInt deviceNumber,
        boolean root) {
    private static final Set<String> GONE = Set.of("Destroy", "Destroying", "Destroyed", "Expunging", "Expunged");
    private static final Set<String> STEADY = Set.of("Allocated", "Ready");

    static CloudVolume of(JsonNode row, Ownership ownership) {
        return new CloudVolume(
                new VolumeId(row.path("id").asString("").toLowerCase(Locale.ROOT)),
                row.path("name").asString(""),
                row.path("size").asLong(0),
                state(row),
                ownership.of(row),
                Optional.of(row.path("virtualmachineid").asString("")).filter(vm -> !vm.isEmpty()),
                row.path("deviceid").isNumber()
                        ? OptionalInt.of(row.path("deviceid").asInt(0))
                        : OptionalInt.empty(),
                row.path("type").asString("").equals("ROOT"));
    }

    /** CloudStack goes on showing what it has deleted until it has cleaned up. */
    static boolean gone(JsonNode row) {
        return GONE.contains(state(row));
    }

    private static String state(JsonNode row) {
        return row.path("state").asString("");
    }

    /** Returns whether its content is on storage: before the first attachment it is a row in a table. */
    boolean stored() {
        return state.equals("Ready");
    }

    /** Returns whether it is a row in a table still, that nobody has made his own. */
    boolean untouched() {
        return !owned && vmId.isEmpty() && state.equals("Allocated");
    }

    /** Returns whether CloudStack is at work on it. */
    boolean underway() {
        return !STEADY.contains(state) && !broken();
    }

    /** Returns whether CloudStack has given up on it. */
    boolean broken() {
        return state.endsWith("Error") || state.endsWith("Abandoned");
    }
}
