package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.TestImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks read by the parameters of the VDDK plugin, and what is said where one cannot be. */
@NeedsPeer("nbdkit")
final class VddkReaderIT {
    @TempDir
    Path folder;

    private StandIn standIn;

    @BeforeEach
    void prepare() throws IOException {
        standIn = StandIn.in(folder);
    }

    @Test
    void readsADiskByteForByteByTheParametersOfTheVddkPlugin() throws IOException {
        try (ServedVddkDisk disk = standIn.open()) {
            assertThat(StandIn.read(disk.uri())).isEqualTo(TestImage.content(standIn.image()));
            assertThat(disk.connectionsMax()).isEqualTo(2);
        }
        assertThat(standIn.lines("parameters"))
                .containsExactlyInAnyOrder(
                        "server=vcenter.example.com",
                        "user=administrator@vsphere.local",
                        "thumbprint=" + standIn.server("x").thumbprint(),
                        "vm=moref=vm-16",
                        "snapshot=snapshot-42",
                        "transports=nbdssl:nbd",
                        "compression=fastlz",
                        "libdir=" + standIn.control(),
                        "file=" + StandIn.DISK.file());
    }

    @Test
    void showsThePasswordToNobodyButThePlugin() throws IOException {
        try (ServedVddkDisk disk = standIn.open()) {
            assertThat(standIn.lines("leaks")).as("while it starts").isEmpty();
            StandIn.read(disk.uri());
            long nbdkit = disk.pid().orElseThrow();
            assertThat(words(nbdkit, "environ")).doesNotContain(StandIn.PASSWORD);
            assertThat(words(nbdkit, "cmdline"))
                    .doesNotContain(StandIn.PASSWORD)
                    .contains("password=+" + onlyFolder().resolve("password"));
            Path sockets = onlyFolder();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets)))
                    .isEqualTo("rwx------");
            assertThat(sockets.resolve("password")).doesNotExist();
            assertThat(words(nbdkit, "environ")).doesNotContain("JAVA", "MAVEN");
        }
    }

    private static String words(long pid, String place) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), place), StandardCharsets.ISO_8859_1);
    }

    @Test
    void servesOnAfterTheThreadThatOpenedTheDiskHasEnded() throws Exception {
        CompletableFuture<ServedVddkDisk> opened = new CompletableFuture<>();
        Thread opener = new Thread(() -> {
            try {
                opened.complete(standIn.open());
            } catch (IOException e) {
                opened.completeExceptionally(e);
            }
        });
        opener.start();
        opener.join();
        try (ServedVddkDisk disk = opened.get()) {
            assertThat(StandIn.read(disk.uri())).hasSize((5 << 20) + 512);
            assertThat(standIn.lines("starts")).hasSize(1);
        }
    }

    @Test
    void letsSeveralConnectionsReadAlthoughThePluginPromisesNothing() throws IOException {
        try (ServedVddkDisk disk = standIn.open();
                NbdClient client = NbdClient.connect(disk.uri(), StandIn.OPTIONS)) {
            assertThat(client.export().canMultiConn()).isTrue();
        }
    }

    @Test
    void refusesMoreConnectionsThanAllowedAndTwo() throws IOException {
        try (ServedVddkDisk disk = standIn.open();
                NbdClient first = NbdClient.connect(disk.uri(), StandIn.OPTIONS);
                NbdClient second = NbdClient.connect(disk.uri(), StandIn.OPTIONS);
                NbdClient third = NbdClient.connect(disk.uri(), StandIn.OPTIONS);
                NbdClient fourth = NbdClient.connect(disk.uri(), StandIn.OPTIONS)) {
            assertThat(List.of(first, second, third, fourth))
                    .allMatch(client -> client.export().readOnly());
            assertThatThrownBy(() -> NbdClient.connect(disk.uri(), StandIn.OPTIONS))
                    .isInstanceOf(NbdException.class);
        }
    }

    @Test
    void explainsAFailedRead() throws IOException {
        try (ServedVddkDisk disk = standIn.open()) {
            standIn.put("say-at-read", "[NFC ERROR] NfcFssrvrProcessErrorMsg: received NFC error 5 from server");

            assertThatThrownBy(() -> StandIn.read(disk.uri())).isInstanceOf(NbdException.RequestFailed.class);
            assertThat(disk.upstream().failed("it failed"))
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("lower the connections per disk", "NFC error 5"));
            assertThat(disk.upstream().failed("it failed")).as("said once").isEmpty();
        }
    }

    @Test
    void letsNobodyTryALogInAgainThatOnlyAPersonCanMend() throws IOException {
        try (ServedVddkDisk disk = standIn.open()) {
            standIn.put("password", "changed meanwhile");
            Throwable seen = catchThrowable(() -> NbdClient.connect(disk.uri(), StandIn.OPTIONS));

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> disk.upstream().failed(String.valueOf(seen.getMessage())))
                        .isInstanceOf(SourceException.Refused.class)
                        .hasMessageContaining("user or password is wrong")
                        .hasMessageContaining(StandIn.DISK.file());
            }
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() throws IOException {
        ServedVddkDisk disk = standIn.open();
        long pid = disk.pid().orElseThrow();
        disk.close();

        assertThat(StandIn.alive(pid)).isFalse();
        assertThat(standIn.sockets()).isEmptyDirectory();
        assertThatThrownBy(disk::open).isInstanceOf(SourceException.Unavailable.class);
    }

    @Test
    void endsAnNbdkitThatHangsAtItsStartWhenTheCallerIsInterrupted() throws Exception {
        standIn.put("hang-at-start", "");
        Thread opener = new Thread(() -> assertThatThrownBy(standIn::open).isInstanceOf(SourceException.class));
        opener.start();
        while (standIn.lines("starts").isEmpty()) {
            Thread.sleep(10);
        }
        opener.interrupt();
        opener.join(5_000);

        assertThat(opener.isAlive()).isFalse();
        assertThat(standIn.sockets()).isEmptyDirectory();
        assertThat(standIn.lines("starts")).noneMatch(pid -> StandIn.alive(Long.parseLong(pid)));
    }

    @Test
    void explainsAWrongPassword() {
        assertThatThrownBy(() -> standIn.open("wrong"))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining(StandIn.DISK.file())
                .hasMessageContaining("vcenter.example.com")
                .hasMessageContaining("user or password is wrong");
        assertThat(standIn.lines("starts"))
                .as("no second log-in locks the account")
                .hasSize(1);
        assertThat(standIn.sockets()).isEmptyDirectory();
    }

    @Test
    void tellsThatTheSnapshotIsGone() throws IOException {
        standIn.put("say", "VixDiskLib_Open: " + StandIn.DISK.file() + ": A file was not found");

        assertThatThrownBy(standIn::open).isInstanceOf(SourceException.NotFound.class);
    }

    @Test
    void explainsAMissingLibrary() throws IOException {
        standIn.put(
                "say-at-start",
                "/opt/vddk/lib64/libvixDiskLib.so.8: cannot open shared object file: No such file or directory");

        assertThatThrownBy(standIn::open)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("Download VDDK");
        assertThat(standIn.sockets()).isEmptyDirectory();
    }

    @Test
    void explainsAMissingPlugin() {
        VddkPlugin plugin = new VddkPlugin(Path.of("/usr/bin/nbdkit"), "no-such-vddk", List.of(), Optional.empty());

        assertThatThrownBy(() -> new VddkReader(standIn.settings(plugin))
                        .open(standIn.server("x"), StandIn.DISK, StandIn.PATIENCE))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("nbdkit-plugin-vddk");
    }

    @Test
    void explainsAMissingNbdkit() {
        VddkPlugin plugin = new VddkPlugin(folder.resolve("nbdkit"), "vddk", List.of(), Optional.empty());

        assertThatThrownBy(() -> new VddkReader(standIn.settings(plugin))
                        .open(standIn.server("x"), StandIn.DISK, StandIn.PATIENCE))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("Install nbdkit");
        assertThat(standIn.sockets()).isEmptyDirectory();
    }

    @Test
    void repeatsUnknownWordsWithoutSecrets() throws IOException {
        standIn.put("say", "strange thing happened with '" + StandIn.PASSWORD + "', cookie=abcdef0123");

        assertThatThrownBy(standIn::open)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("strange thing happened with '***', cookie=***")
                .satisfies(e -> assertThat(wholeStory(e)).doesNotContain(StandIn.PASSWORD, "abcdef0123"));
    }

    @Test
    void givesUpOnAnNbdkitThatHangsAtItsStart() throws IOException {
        standIn.put("hang-at-start", "");

        assertThatThrownBy(standIn::openInAHurry)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("did not get ready in PT0.8S");
        assertThat(StandIn.alive(Long.parseLong(standIn.lines("starts").get(0))))
                .isFalse();
        assertThat(standIn.sockets()).isEmptyDirectory();
    }

    private Path onlyFolder() throws IOException {
        try (Stream<Path> folders = Files.list(standIn.sockets())) {
            List<Path> all = folders.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static String wholeStory(Throwable e) {
        StringWriter story = new StringWriter();
        e.printStackTrace(new PrintWriter(story));
        return story.toString();
    }
}
