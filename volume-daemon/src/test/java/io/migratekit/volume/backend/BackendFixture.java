package io.migratekit.volume.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** A back end under test, and the words in which the contract is told. */
public abstract class BackendFixture {
    private static final long WISH_BYTES = 2 << 20;

    /** What people may call a disk. */
    protected static final String NAME = "db 01 'ä\" $(x)";

    private VolumeBackend backend;

    /** Reads and writes what volumes hold, past the back end. */
    public interface Content {
        /** Sets the byte at an offset. */
        void write(VolumeId id, long offsetBytes, int value);

        /** Returns the byte at an offset, 0 to 255. */
        int read(VolumeId id, long offsetBytes);
    }

    /** Opens the back end, as a process does that has just started; one that was opened before is not used any more. */
    protected abstract VolumeBackend open();

    /** Returns the name of a VM that volumes can be attached to, other than the appliance; it is stopped. */
    protected String vm() {
        return "vm-1";
    }

    /** Tells whether snapshots can be taken at all. */
    protected boolean takesSnapshots() {
        return true;
    }

    /** Returns how to look into volumes; without it the contract does not. */
    protected Optional<Content> content() {
        return Optional.empty();
    }

    @BeforeEach
    final void openFirst() {
        backend = open();
    }

    /** Returns the back end that was opened last. */
    protected final VolumeBackend backend() {
        return backend;
    }

    protected final VolumeBackend reopened() {
        backend = open();
        return backend;
    }

    protected static Mark mark() {
        return new Mark(UUID.randomUUID().toString());
    }

    protected static SnapshotSetId set() {
        return new SnapshotSetId("set-" + UUID.randomUUID());
    }

    protected static StepMemory memory() {
        return new CutMemory();
    }

    /** Returns the size of the contract's volumes. */
    protected final long sizeBytes() {
        return backend.roundedBytes(WISH_BYTES);
    }

    /** Returns a new volume. */
    protected final VolumeId volume() {
        return backend.create(mark(), NAME, sizeBytes(), memory()).id();
    }

    /** Returns a volume that was attached once: before that, some back ends keep no content that could be snapshotted. */
    protected final VolumeId usedVolume() {
        VolumeId id = volume();
        attach(id);
        backend.detach(id, memory());
        return id;
    }

    /** Attaches a volume to the appliance. */
    protected final Attachment attach(VolumeId id) {
        return backend.attach(id, VolumeRequest.APPLIANCE, false, memory());
    }

    /** Returns a volume that must be there. */
    protected final BackendVolume found(VolumeId id) {
        return backend.find(id).orElseThrow();
    }

    /** Sets a byte of a volume, if that can be looked at. */
    protected final void write(VolumeId id, long offsetBytes, int value) {
        content().ifPresent(content -> content.write(id, offsetBytes, value));
    }

    /** Asserts a byte of a volume, if that can be looked at. */
    protected final void assertByte(VolumeId id, long offsetBytes, int value) {
        content().ifPresent(content -> assertThat(content.read(id, offsetBytes)).isEqualTo(value));
    }

    protected static void assertRefused(VolumeException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
