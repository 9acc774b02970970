package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The contract, and what it means where there are bytes: what is written through an export is in the volume. */
abstract class ServedVolumesContract extends VolumesContract {

    @Test
    void servesTheBytesOfTheVolumeAndLocksTheOlderWriterOut() throws IOException {
        VolumeId id = create("a");
        VolumeId other = create("b");
        attach(id, VolumeRequest.APPLIANCE);
        attach(other, VolumeRequest.APPLIANCE);
        VolumeExport first = export(id);
        VolumeExport beside = export(other);
        try (NbdClient older = connect(first);
                NbdClient neighbour = connect(beside)) {
            assertThat(older.export().sizeBytes()).isEqualTo(sizeBytes);
            write(older, 1);
            write(neighbour, 9);
            try (NbdClient newer = connect(export(id))) {
                assertThatThrownBy(() -> write(older, 2)).isInstanceOf(IOException.class);
                assertThat(read(newer)).isEqualTo(1);
                write(newer, 3);
            }
            assertThat(read(neighbour)).as("exports of others go on").isEqualTo(9);
        }
        perform(new VolumeRequest.Unexport(id));
        perform(new VolumeRequest.Unexport(other));
        perform(new VolumeRequest.Detach(id));
        assertThat(site.read(id)).isEqualTo(3);
        assertThat(site.read(other)).isEqualTo(9);
        assertThatThrownBy(() -> connect(first)).isInstanceOf(IOException.class);
    }

    @Test
    void growsWhatItServesNext() throws IOException {
        VolumeId id = create("a");
        perform(new VolumeRequest.Resize(id, 2 * sizeBytes));
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Resize(id, 3 * sizeBytes));
        try (NbdClient client = connect(export(id))) {
            assertThat(client.export().sizeBytes()).isEqualTo(3 * sizeBytes);
        }
    }

    private VolumeExport export(VolumeId id) {
        return perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
    }

    private static NbdClient connect(VolumeExport export) throws IOException {
        return NbdClient.connect(NbdUri.parse(export.uri().orElseThrow()), ClientOptions.defaults());
    }

    private static void write(NbdClient client, int value) throws IOException {
        client.write(0, ByteBuffer.wrap(new byte[] {(byte) value}), 0);
        client.flush();
    }

    private static int read(NbdClient client) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(1);
        client.read(0, into);
        return into.get(0);
    }
}
