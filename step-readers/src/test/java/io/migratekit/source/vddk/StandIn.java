package io.migratekit.source.vddk;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.TestImage;
import io.migratekit.source.vddk.VddkSettings.Compression;
import io.migratekit.source.vddk.VddkSettings.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The plugin that stands in for vddk ({@code stand-in.sh}), and the folder by which tests tell it what to do. */
record StandIn(Path control, Path sockets) {
    static final String PASSWORD = "it's & 100% $ecret";
    static final VddkDisk DISK =
            new VddkDisk("vm-16", Optional.of("snapshot-42"), "[store 1] Büro/web01 (neu)/web01_1.vmdk");
    /** Limits of a test's client. */
    static final ClientOptions OPTIONS = new ClientOptions(Duration.ofSeconds(2), Duration.ofSeconds(2), List.of());

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String THUMBPRINT = "B2:31:BD:DE:9F:DB:9D:E0:78:EF:30:42:8A:41:B0:28:92:93:C8:DD";

    /** Makes the folder with a disk of some MiB. */
    static StandIn in(Path folder) throws IOException {
        StandIn standIn = new StandIn(
                Files.createDirectory(folder.resolve("control")), Files.createDirectory(folder.resolve("s")));
        try (InputStream script = Objects.requireNonNull(StandIn.class.getResourceAsStream("stand-in.sh"))) {
            Files.copy(script, standIn.script());
        }
        if (!standIn.script().toFile().setExecutable(true)) {
            throw new IOException("the script cannot be made executable");
        }
        TestImage.sparse(standIn.image(), (5 << 20) + 512, 3);
        standIn.put("password", PASSWORD);
        return standIn;
    }

    Path image() {
        return control.resolve("disk.raw");
    }

    void put(String name, String text) throws IOException {
        Files.writeString(control.resolve(name), text);
    }

    void remove(String name) throws IOException {
        Files.delete(control.resolve(name));
    }

    List<String> lines(String name) {
        Path file = control.resolve(name);
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    VddkServer server(String password) {
        return new VddkServer("vcenter.example.com", "administrator@vsphere.local", Password.of(password), THUMBPRINT);
    }

    VddkPlugin plugin() {
        return new VddkPlugin(
                Path.of("/usr/bin/nbdkit"),
                "sh",
                List.of(script().toString(), "control=" + control),
                Optional.of(control));
    }

    /** Settings with limits that a busy machine keeps. */
    VddkSettings settings(VddkPlugin plugin) {
        return settings(plugin, Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    private VddkSettings settings(VddkPlugin plugin, Duration timeout, Duration silence) {
        return new VddkSettings(
                plugin,
                List.of(Transport.NBDSSL, Transport.NBD),
                Compression.FASTLZ,
                2,
                timeout,
                timeout,
                silence,
                Duration.ofMillis(300),
                sockets);
    }

    ServedVddkDisk open() throws IOException {
        return open(PASSWORD);
    }

    ServedVddkDisk open(String password) throws IOException {
        return new VddkReader(settings(plugin())).open(server(password), DISK, PATIENCE);
    }

    ServedVddkDisk open(Supplier<Password> secret) throws IOException {
        VddkServer usual = server(PASSWORD);
        return new VddkReader(settings(plugin()))
                .open(
                        new VddkServer(usual.host(), usual.port(), usual.user(), secret, usual.thumbprint()),
                        DISK,
                        PATIENCE);
    }

    /** Opens the disk with short limits, where one is to be reached. */
    ServedVddkDisk openInAHurry() throws IOException {
        VddkSettings settings = settings(plugin(), Duration.ofMillis(800), Duration.ofMillis(300));
        return new VddkReader(settings).open(server(PASSWORD), DISK, PATIENCE);
    }

    static byte[] read(NbdUri uri) throws NbdException {
        try (NbdClient client = NbdClient.connect(uri, OPTIONS)) {
            byte[] content = new byte[Math.toIntExact(client.export().sizeBytes())];
            client.read(0, ByteBuffer.wrap(content));
            return content;
        }
    }

    static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private Path script() {
        return control.resolve("stand-in.sh");
    }
}
