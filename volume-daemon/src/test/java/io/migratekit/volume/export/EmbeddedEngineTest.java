package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EmbeddedEngineTest extends ExportEngineContract {
    @Override
    ExportEngine build(ExportEngines engines) {
        return engines.embedded();
    }

    @Override
    void makeCertificates(Path certificates) throws Exception {
        SelfSigned.folder(certificates);
    }

    @Test
    void readsNoQcow2() {
        try (EngineRoom room = room()) {
            assertThat(room.engine().serves(Image.Format.QCOW2)).isFalse();
            Image image = new Image(room.raw("a.raw", 512).path(), Image.Format.QCOW2);
            assertRefused(() -> room.engine().add(fresh(), image, false), "install qemu-storage-daemon");
        }
    }

    @Test
    void itsEndFreesTheSocketForTheNext() throws IOException {
        Path socket;
        try (EngineRoom room = room()) {
            socket = ((NbdUri.Unix) room.engines().address()).path();
            room.engine().add(fresh(), room.raw("a.raw", 512), false);
            assertThat(socket).exists();
        }
        assertThat(socket).doesNotExist();
        try (EngineRoom room = room()) {
            assertThat(room.engine().names()).isEmpty();
            EngineRoom.fill(room.engine().add(fresh(), room.raw("a.raw", 512), false), 0, 512, 1);
        }
    }

    @Test
    void replacesTheSocketOfACrashedPredecessor() throws IOException {
        Path socket = folder.resolve("left.sock");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (EngineRoom room = at(socket)) {
            assertThat(room.engine().check()).contains("0 exports");
        }
    }

    @Test
    void leavesALivingServersSocketAlone() {
        Path socket = folder.resolve("lives.sock");
        try (EngineRoom room = at(socket)) {
            assertThatThrownBy(() -> at(socket))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("another server listens");
            assertThat(room.engine().check()).contains("0 exports");
        }
    }

    @Test
    void servesAThousandExports() throws IOException {
        try (EngineRoom room = room()) {
            Set<ExportName> names = new HashSet<>();
            NbdUri last = NbdUri.unix(folder, "none");
            for (int number = 0; number < 1000; number++) {
                ExportName name = fresh();
                names.add(name);
                last = room.engine().add(name, room.raw("disk-%d.raw".formatted(number), 1 << 20), false);
            }
            EngineRoom.fill(last, 0, 512, 4);
            assertThat(room.engine().names()).isEqualTo(names);
            assertThat(room.engine().check()).contains("1000 exports");
        }
    }

    private EngineRoom room() {
        return EngineRoom.onUnixSocket(folder.resolve("own"), this::build);
    }

    private EngineRoom at(Path socket) {
        return EngineRoom.at(folder.resolve("own"), new NbdUri.Unix(socket), Optional.empty(), this::build);
    }
}
