package io.migratekit.volume.cloudstack;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** The commands of {@link CloudServer} that have to do with snapshots. */
final class CloudSnapshotCommands {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final CloudState state;

    CloudSnapshotCommands(CloudState state) {
        this.state = state;
    }

    CloudOutcome createSnapshot(CloudForm form) {
        CloudRow row = state.volume(form.required("volumeid"));
        if (!row.text("state").equals("Ready")) {
            throw new CloudError(
                    431,
                    "VolumeId: %s is not in Ready state but %s. Cannot take snapshot."
                            .formatted(row.text("id"), row.text("state")));
        }
        String id = UUID.randomUUID().toString();
        CloudRow snapshot = new CloudRow(id, form.required("name"))
                .set("volumeid", row.text("id"))
                .set("virtualsize", row.number("size"))
                .set("state", "Creating");
        state.snapshots.put(id, snapshot);
        return CloudOutcome.job(JSON.createObjectNode().put("id", id), () -> {
            state.devices.copy(row.text("id"), id, row.number("size"));
            snapshot.set("state", "BackedUp");
            return JSON.createObjectNode().set("snapshot", snapshot.json());
        });
    }

    CloudOutcome revertSnapshot(CloudForm form) {
        CloudRow snapshot = state.snapshot(form.required("id"));
        CloudRow row = state.volume(snapshot.text("volumeid"));
        return CloudOutcome.job(JSON.createObjectNode(), () -> {
            if (row.has("virtualmachineid")
                    && !state.machine(row.text("virtualmachineid"))
                            .text("state")
                            .equals("Stopped")) {
                throw new CloudError(431, "The VM the specified disk is attached to is not in the shutdown state.");
            }
            row.set("size", snapshot.number("virtualsize"));
            state.devices.copy(snapshot.text("id"), row.text("id"), row.number("size"));
            return JSON.createObjectNode().put("success", true);
        });
    }

    /** One that is on primary and secondary storage is listed twice, unless that is not wanted. */
    CloudOutcome listSnapshots(CloudForm form) {
        List<CloudRow> rows = new ArrayList<>(state.snapshots.values());
        if (form.optional("showunique").isEmpty()) {
            rows.addAll(state.snapshots.values());
        }
        return CloudListing.of(form, "snapshot", rows, "volumeid", "name");
    }

    CloudOutcome deleteSnapshot(CloudForm form) {
        CloudRow snapshot = state.snapshot(form.required("id"));
        return CloudOutcome.job(JSON.createObjectNode(), () -> {
            state.snapshots.remove(snapshot.text("id"));
            state.devices.remove(snapshot.text("id"));
            return JSON.createObjectNode().put("success", true);
        });
    }
}
