package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Finds volumes in the cloud, and tells which may be touched. */
final class CloudVolumes {
    private static final Logger log = LoggerFactory.getLogger(CloudVolumes.class);
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

    /**
     * Returns the volume that a creation with this mark made, whatever state it is in. Where the cloud carried out several
     * requests of one creation, because it was too slow to answer, that is the one that was used, else always the same.
     *
     * @throws VolumeException of kind FAILED if more than one may hold something
     */
    Optional<CloudVolume> marked(Mark mark) {
        List<CloudVolume> found = allMarked(mark);
        List<CloudVolume> used =
                found.stream().filter(volume -> !volume.untouched()).toList();
        if (used.size() > 1) {
            throw new VolumeException(
                    Kind.FAILED,
                    "volumes %s and %s both carry the mark %s; delete the one that is not in 'volume list' in CloudStack"
                            .formatted(used.get(0).id(), used.get(1).id(), mark));
        }
        return used.isEmpty()
                ? found.stream().min(Comparator.comparing(volume -> volume.id().text()))
                : Optional.of(used.get(0));
    }

    /** Returns all volumes that requests of one creation made. */
    List<CloudVolume> allMarked(Mark mark) {
        return listed(ApiCommand.of("listVolumes").with("keyword", MarkedName.keyword(mark))).stream()
                .filter(volume -> MarkedName.has(volume.name(), mark))
                .toList();
    }

    /** Returns all volumes that carry some creation's mark and not our tag. They may be another installation's. */
    List<CloudVolume> untagged() {
        return listed(ApiCommand.of("listVolumes").with("keyword", MarkedName.KEYWORD)).stream()
                .filter(volume ->
                        !volume.owned() && MarkedName.mark(volume.name()).isPresent())
                .toList();
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
        CloudVolume made = tag(goals.reach(exists, memory), memory);
        deleteSpares(mark, made.id());
        return made;
    }

    /** Deletes what further requests of one creation made: nothing was ever stored there, and nobody knows of it. */
    private void deleteSpares(Mark mark, VolumeId kept) {
        for (CloudVolume spare : allMarked(mark)) {
            if (spare.untouched() && !spare.id().equals(kept)) {
                try {
                    delete(spare.id(), new Forgetful());
                    log.warn("volume {} was made besides {} by one creation, and is deleted", spare.id(), kept);
                } catch (VolumeException e) {
                    log.warn(
                            "volume {} was made besides {} by one creation, and cannot be deleted; 'volume reconcile' shows it: {}",
                            spare.id(),
                            kept,
                            e.getMessage());
                }
            }
        }
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
