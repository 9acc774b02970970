package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Finds volumes in the cloud, and tells which may be touched. */
final class CloudVolumes {
    private static final String ELEMENT = "volume";
    private static final String CREATE = "create";

    private final CloudStackClient client;
    private final Goals goals;
    private final Ownership ownership;

    CloudVolumes(CloudStackClient client, Goals goals, Ownership ownership) {
        this.client = client;
        this.goals = goals;
        this.ownership = ownership;
    }

    Optional<CloudVolume> find(VolumeId id) {
        ApiCommand command = ApiCommand.of("listVolumes").with("id", id.text());
        return client.listOne(command, ELEMENT)
                .filter(row -> !CloudVolume.gone(row))
                .map(row -> client.read(command, row, this::read));
    }

    /** Returns a volume that may be changed. */
    CloudVolume ours(VolumeId id) {
        CloudVolume volume = find(id).orElseThrow(() -> new VolumeException(
                Kind.NO_SUCH_THING,
                "volume %s is not in the cloud at %s, or belongs to another account; 'volume reconcile' compares"
                        .formatted(id, client.host())));
        checkOurs(volume);
        return volume;
    }

    void checkOurs(CloudVolume volume) {
        if (!volume.owned()) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s ('%s') does not carry our tag %s=%s, so it is not touched; only what we made is"
                            .formatted(volume.id(), volume.name(), Ownership.KEY, ownership.installationId()));
        }
    }

    List<CloudVolume> owned() {
        return listed(ownership.filter(ApiCommand.of("listVolumes"))).stream()
                .filter(CloudVolume::owned)
                .toList();
    }

    /** Returns the root disk of a machine. */
    Optional<CloudVolume> rootOf(String vmId) {
        return listed(ApiCommand.of("listVolumes")
                        .with("virtualmachineid", vmId)
                        .with("type", "ROOT"))
                .stream()
                .filter(volume -> volume.vmId().equals(Optional.of(vmId)))
                .findFirst();
    }

    /** Returns all volumes of a machine. */
    List<CloudVolume> of(String vmId) {
        return listed(ApiCommand.of("listVolumes").with("virtualmachineid", vmId)).stream()
                .filter(volume -> volume.vmId().equals(Optional.of(vmId)))
                .toList();
    }

    /** Returns the volume that a creation with this mark made, whatever state it is in. */
    Optional<CloudVolume> marked(Mark mark) {
        List<CloudVolume> found =
                listed(ApiCommand.of("listVolumes").with("keyword", MarkedName.keyword(mark))).stream()
                        .filter(volume -> MarkedName.has(volume.name(), mark))
                        .toList();
        if (found.size() > 1) {
            throw new VolumeException(
                    Kind.FAILED,
                    "volumes %s and %s both carry the mark %s; delete the one that is not in 'volume list' in CloudStack"
                            .formatted(found.get(0).id(), found.get(1).id(), mark));
        }
        return found.stream().findFirst();
    }

    /**
     * Makes a volume by a command that names it with its mark, and tags it.
     *
     * @param whole whether it is what it is to be
     */
    CloudVolume make(Mark mark, ApiCommand command, Predicate<CloudVolume> whole, StepMemory memory) {
        Goal<CloudVolume> exists = Goal.creation(
                CREATE,
                "there is a volume with the mark " + mark,
                command,
                () -> marked(mark)
                        .map(volume ->
                                whole.test(volume) ? Look.reached(volume) : Look.<CloudVolume>not(!volume.broken()))
                        .orElse(Look.not(false)));
        return tag(goals.reach(exists, memory), memory);
    }

    /** Waits until a creation of this memory can make nothing any more. */
    void outwaitCreation(StepMemory memory) {
        goals.outwait(CREATE, memory);
    }

    /** Puts our tag on a volume that we made. */
    CloudVolume tag(CloudVolume volume, StepMemory memory) {
        return goals.reach(
                goal(
                        "tag",
                        "carries our tag",
                        volume.id(),
                        ownership.mark("Volume", volume.id().text()),
                        found -> found.owned()),
                memory);
    }

    /** Returns the goal that a volume is in some way; an absent one never is. */
    Goal<CloudVolume> goal(String step, String what, VolumeId id, ApiCommand command, Predicate<CloudVolume> wanted) {
        return Goal.of(step, "volume %s %s".formatted(id, what), command, () -> {
            Optional<CloudVolume> found = find(id);
            boolean underway = found.isPresent() && found.get().underway();
            return found.filter(volume -> !underway && wanted.test(volume))
                    .map(Look::reached)
                    .orElseGet(() -> Look.not(underway));
        });
    }

    /** Makes a volume larger. */
    CloudVolume grow(VolumeId id, long sizeBytes, StepMemory memory) {
        ApiCommand command = ApiCommand.of("resizeVolume").with("id", id.text()).with("size", WholeGib.of(sizeBytes));
        String what = "has %d bytes".formatted(sizeBytes);
        return goals.reach(goal("resize", what, id, command, found -> found.sizeBytes() == sizeBytes), memory);
    }

    /** Waits until the cloud is not changing a volume. */
    void awaitSteady(VolumeId id) {
        goals.settled(
                "volume %s stands still".formatted(id),
                () -> Look.<VolumeId>not(find(id).filter(CloudVolume::underway).isPresent()));
    }

    /** Detaches a volume, whoever owns it. Nothing happens if it is attached nowhere, or gone. */
    void detach(VolumeId id, StepMemory memory) {
        ApiCommand command = ApiCommand.of("detachVolume").with("id", id.text());
        goals.reach(
                Goal.of("detach", "volume %s is detached".formatted(id), command, () -> {
                    Optional<CloudVolume> found = find(id);
                    boolean underway = found.isPresent() && found.get().underway();
                    boolean free = found.isEmpty() || found.get().vmId().isEmpty();
                    return free && !underway ? Look.reached(id) : Look.<VolumeId>not(underway);
                }),
                memory);
    }

    /** Deletes a volume, whoever owns it. Nothing happens if it is gone. */
    void delete(VolumeId id, StepMemory memory) {
        ApiCommand command = ApiCommand.of("deleteVolume").with("id", id.text());
        goals.reach(
                Goal.of(
                        "delete",
                        "volume %s is gone".formatted(id),
                        command,
                        () -> find(id).isEmpty() ? Look.reached(id) : Look.<VolumeId>not(false)),
                memory);
    }

    private List<CloudVolume> listed(ApiCommand command) {
        return client.list(command, ELEMENT).stream()
                .filter(row -> !CloudVolume.gone(row))
                .map(row -> client.read(command, row, this::read))
                .toList();
    }

    private CloudVolume read(JsonNode row) {
        return CloudVolume.of(row, ownership);
    }
}
