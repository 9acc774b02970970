package io.migratekit.volume.local;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.StepMemory;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which VM has which volume. In the appliance a volume's device is the link in its folder, which leads to its active
 * image whichever that is, so that snapshots do not change the device's path.
 */
final class Attachments {
    private static final String GIVEN_TO = "given-to";

    private final Pool pool;
    private final Changes changes;

    Attachments(Pool pool, Changes changes) {
        this.pool = pool;
        this.changes = changes;
    }

    /** Attaches a volume; nothing happens if it is attached in just that way. */
    StoredVolume attach(VolumeId id, String vmId, boolean root, StepMemory memory) throws IOException {
        StoredVolume volume = changes.begin(id);
        if (volume.attachment().isPresent()) {
            checkSame(volume, volume.attachment().get(), vmId, root);
            return volume;
        }
        StoredAttachment appliance = new StoredAttachment(vmId, OptionalInt.empty());
        if (!appliance.inAppliance()) {
            int device = root ? rootOf(vmId, id) : nextOf(vmId);
            memory.put(GIVEN_TO, vmId);
            return changes.store(
                    volume.withAttachment(Optional.of(new StoredAttachment(vmId, OptionalInt.of(device)))));
        }
        if (root) {
            throw Refused.because(
                    "volume %s cannot become the root disk of this appliance, which runs from another".formatted(id));
        }
        memory.put(GIVEN_TO, vmId);
        return changes.store(volume.withAttachment(Optional.of(appliance)));
    }

    /** Returns whether a volume is attached, and by an attachment of that memory. */
    static boolean isOurs(StoredVolume volume, StepMemory memory) {
        return volume.attachment()
                .filter(at -> memory.get(GIVEN_TO).equals(Optional.of(at.vmId())))
                .isPresent();
    }

    /** Returns where a volume is attached, as others are told. */
    Optional<Attachment> of(StoredVolume volume) throws IOException {
        if (volume.attachment().isEmpty()) {
            return Optional.empty();
        }
        StoredAttachment stored = volume.attachment().get();
        if (!stored.inAppliance()) {
            return Optional.of(new Attachment(stored.vmId(), ExportMode.FAILOVER, stored.device(), Optional.empty()));
        }
        Optional<String> path =
                changes.isLinked(volume) ? Optional.of(pool.link(volume.id()).toString()) : Optional.empty();
        return Optional.of(new Attachment(stored.vmId(), ExportMode.OMA, stored.device(), path));
    }

    private static void checkSame(StoredVolume volume, StoredAttachment there, String vmId, boolean root) {
        if (!there.vmId().equals(vmId)) {
            throw Refused.because(
                    "volume %s is attached to VM %s and cannot be attached to VM %s as well; detach it first"
                            .formatted(volume.id(), there.vmId(), vmId));
        }
        boolean isRoot = there.device().equals(OptionalInt.of(0));
        if (isRoot != root) {
            throw Refused.because("volume %s is attached to VM %s as %s disk, not as %s disk; detach it first"
                    .formatted(volume.id(), vmId, isRoot ? "root" : "data", root ? "root" : "data"));
        }
    }

    private int rootOf(String vmId, VolumeId id) throws IOException {
        if (devicesOf(vmId).contains(0)) {
            throw Refused.because("volume %s cannot become the root disk of VM %s, which has one; detach that first"
                    .formatted(id, vmId));
        }
        return 0;
    }

    private int nextOf(String vmId) throws IOException {
        Set<Integer> taken = devicesOf(vmId);
        return IntStream.iterate(1, device -> device + 1)
                .filter(device -> !taken.contains(device))
                .findFirst()
                .orElseThrow();
    }

    private Set<Integer> devicesOf(String vmId) throws IOException {
        return pool.content().volumes().stream()
                .flatMap(volume -> volume.attachment().stream())
                .filter(attachment -> attachment.vmId().equals(vmId))
                .flatMap(attachment -> attachment.device().stream().boxed())
                .collect(Collectors.toSet());
    }
}
