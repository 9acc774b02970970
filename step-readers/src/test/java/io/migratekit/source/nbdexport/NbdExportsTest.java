package io.migratekit.source.nbdexport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachineContract;
import io.migratekit.source.SourceRef;
import io.migratekit.source.TestImage;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.standing.StandingDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NbdExportsTest extends SourceMachineContract {
    private static final DiskKey ROOT = new DiskKey("0");
    private static final DiskKey DATA = new DiskKey("1");

    @TempDir
    Path folder;

    private NbdServer server;

    @BeforeEach
    void serve() throws IOException {
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("s")), ServerOptions.defaults());
        add("root", TestImage.sparse(folder.resolve("0"), (9 << 20) + 1, 1));
        add("data", TestImage.sparse(folder.resolve("1"), 2 << 20, 2));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    @Override
    protected Map<DiskKey, SourceRef> disks() {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>();
        disks.put(ROOT, ref(""));
        disks.put(DATA, new SourceRef(server.uri("data").toString()));
        return disks;
    }

    @Override
    protected byte[] content(DiskKey disk) {
        return TestImage.content(folder.resolve(disk.text()));
    }

    @Override
    protected SourceRef missing() {
        return new SourceRef(server.uri("none").toString());
    }

    @Test
    void asksForTheSamePageAgainAfterALostConnection() throws IOException {
        try (ChangeQuery query = look("").changes(Optional.empty())) {
            ChangeQuery.Page page = query.page(0);
            server.remove("root");
            add("root", folder.resolve("0"));

            assertThat(query.page(0)).isEqualTo(page);
        }
    }

    @Test
    void doesNotGoOnWithAnExportOfAnotherSize() throws IOException {
        try (ChangeQuery query = look("").changes(Optional.empty())) {
            query.page(0);
            server.remove("root");
            add("root", folder.resolve("1"));

            assertThatThrownBy(() -> query.page(0))
                    .isInstanceOf(SourceException.Untrustworthy.class)
                    .hasMessageContaining("had 9437185 bytes and has 2097152 now");
        }
    }

    @Test
    void givesUpOnAServerThatStaysAway() throws IOException {
        try (ChangeQuery query = look("").changes(Optional.empty())) {
            query.page(0);
            server.close();

            assertThatThrownBy(() -> query.page(0))
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining("Start its server, then restart the job");
        }
    }

    @Test
    void readsAHoleThatIsNotKnownToBeZero() throws IOException {
        server.add("vague", PatternDevice.vague(), ExportOptions.readOnlyExport());
        StandingDisk disk =
                exports().look(ROOT, new SourceRef(server.uri("vague").toString()));

        try (ChangeQuery query = disk.changes(Optional.empty())) {
            assertThat(query.page(0).areas())
                    .allMatch(area -> area.kind() == Extent.Kind.DATA)
                    .isNotEmpty();
        }
    }

    @Test
    void hasNoChangeIdWithoutABitmap() throws IOException {
        assertThat(look("").changeId()).isEmpty();
        assertThatThrownBy(() -> look("").changes(Optional.of(new ChangeId("qemu:dirty-bitmap:b0/0"))))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("names no dirty bitmap any more");
    }

    @Test
    void hasNoChangeIdWhileItsBitmapIsNotOffered() throws IOException {
        StandingDisk disk = look("&bitmap=b0");

        assertThat(disk.changeId()).isEmpty();
        assertThatThrownBy(() -> disk.changes(Optional.of(new ChangeId("qemu:dirty-bitmap:b0/0"))))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("does not offer qemu:dirty-bitmap:b0");
        assertThatThrownBy(() -> disk.changes(Optional.of(new ChangeId("qemu:dirty-bitmap:b1/0"))))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("last replicated against qemu:dirty-bitmap:b1");
    }

    @Test
    void doesNotFindItsSnapshotOnceAnExportIsGone() throws IOException {
        try (SourceMachine machine = open()) {
            String reference = machine.takeSnapshot("job").reference();
            server.remove("data");

            assertThat(machine.findSnapshot(reference)).isEmpty();
        }
    }

    @Test
    void tellsAServerThatIsNotThere() throws IOException {
        server.close();

        assertThatThrownBy(() -> look("")).isInstanceOf(SourceException.Unavailable.class);
    }

    private SourceRef ref(String parameters) {
        return new SourceRef(server.uri("root") + parameters);
    }

    private StandingDisk look(String parameters) throws IOException {
        return exports().look(ROOT, ref(parameters));
    }

    private static NbdExports exports() {
        return new NbdExports(ClientOptions.defaults(), new Reconnect(Duration.ofMillis(10), Duration.ofMillis(300)));
    }

    private void add(String name, Path image) throws IOException {
        server.add(name, FileDevice.open(image, true), ExportOptions.readOnlyExport());
    }
}
