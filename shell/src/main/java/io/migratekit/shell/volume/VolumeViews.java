package io.migratekit.shell.volume;

import io.migratekit.shell.command.Result;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.Operation;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How volumes and operations on them look, on the screen and as JSON. The keys are stable. */
final class VolumeViews {
    private VolumeViews() {}

    static Map<String, @Nullable Object> object(Volume volume, Optional<VolumeExport> export, @Nullable String vm) {
        Optional<Attachment> attachment = volume.attachment();
        return Result.object(
                "volume", volume.name(),
                "id", volume.id().text(),
                "sizeBytes", volume.sizeBytes(),
                "state", word(volume.state()),
                "reason", volume.reason().orElse(null),
                "backend", volume.backend(),
                "contextId", volume.context().orElse(null),
                "vm", vm,
                "attachedTo", attachment.map(Attachment::vmId).orElse(null),
                "mode", attachment.map(at -> word(at.mode())).orElse(null),
                "deviceNumber", attachment.isPresent() ? number(attachment.get()) : null,
                "devicePath", attachment.flatMap(Attachment::devicePath).orElse(null),
                "cloneOf", volume.cloneOf().map(Object::toString).orElse(null),
                "export", export.map(VolumeViews::object).orElse(null));
    }

    private static @Nullable Integer number(Attachment attachment) {
        return attachment.deviceNumber().isPresent() ? attachment.deviceNumber().getAsInt() : null;
    }

    static Map<String, @Nullable Object> object(VolumeExport export) {
        return Result.object(
                "export", export.name().toString(),
                "volumeId", export.name().volume().text(),
                "epoch", export.name().epoch(),
                "state", word(export.state()),
                "readOnly", export.readOnly(),
                "uri", export.uri().orElse(null));
    }

    static Map<String, @Nullable Object> object(SnapshotSet set) {
        return Result.object(
                "snapshotSet", set.id().text(),
                "contextId", set.context(),
                "state", word(set.state()),
                "volumes", set.volumes().stream().map(VolumeId::text).toList(),
                "createdAt", set.createdAt().toString());
    }

    static Map<String, @Nullable Object> object(Operation operation) {
        return Result.object(
                "operation", operation.id().text(),
                "key", operation.key(),
                "type", operation.request().type(),
                "status", word(operation.status()),
                "volumes", operation.volumes().stream().map(VolumeId::text).toList(),
                "snapshotSet", operation.snapshotSet().map(Object::toString).orElse(null),
                "export", operation.export().map(VolumeViews::object).orElse(null),
                "steps",
                        operation.steps().stream()
                                .map(step -> Result.object("step", step.name(), "state", word(step.state())))
                                .toList(),
                "error", operation.error().orElse(null),
                "createdAt", operation.createdAt().toString(),
                "completedAt", operation.completedAt().map(Object::toString).orElse(null));
    }

    /** Returns where a volume is attached, for people. */
    static String at(Volume volume) {
        return volume.attachment()
                .map(Attachment::vmId)
                .map(vm -> vm.equals(VolumeRequest.APPLIANCE) ? "this appliance" : vm)
                .orElse("–");
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
