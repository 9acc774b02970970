package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.CutMemory;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.VolumeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A scripted cloud, a back end on it, and the words in which its tests are told. */
class CloudFixture {
    static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    CloudServer server;
    VolumeBackend backend;

    @BeforeEach
    void startCloud() throws IOException {
        server = new CloudServer(folder);
        backend = Clouds.connect(server).volumes();
    }

    @AfterEach
    void stopCloud() {
        server.close();
    }

    BackendVolume create(long gib) {
        return backend.create(mark(), "disk", gib * GIB, new CutMemory());
    }

    Attachment attach(VolumeId id) {
        return backend.attach(id, VolumeRequest.APPLIANCE, false, new CutMemory());
    }

    /** Returns a volume that is attached here. */
    VolumeId attached() {
        VolumeId id = create(1).id();
        attach(id);
        return id;
    }

    /** Returns a volume that was attached once, so that it is on storage. */
    VolumeId stored() {
        VolumeId id = attached();
        backend.detach(id, new CutMemory());
        return id;
    }

    static Mark mark() {
        return new Mark(UUID.randomUUID().toString());
    }

    static SnapshotSetId set() {
        return new SnapshotSetId("set-" + UUID.randomUUID());
    }

    static VolumeException failure(ThrowingCallable call) {
        VolumeException e = catchThrowableOfType(VolumeException.class, call);
        assertThat(e).isNotNull();
        return e;
    }

    static void fails(VolumeException.Kind kind, String message, ThrowingCallable call) {
        assertThat(failure(call))
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
