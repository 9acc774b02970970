package io.migratekit.volume.export;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** An engine in a folder with images. Its end is the end of all that it started. */
final class EngineRoom implements AutoCloseable {
    private final Path folder;
    private final ExportEngines engines;
    private final ExportEngine engine;

    private EngineRoom(Path folder, ExportEngines engines, Function<ExportEngines, ExportEngine> build) {
        this.folder = folder;
        this.engines = engines;
        engine = build.apply(engines);
    }

    static EngineRoom onUnixSocket(Path folder, Function<ExportEngines, ExportEngine> build) {
        return at(folder, new NbdUri.Unix(folder.resolve("run/nbd.sock")), Optional.empty(), build);
    }

    static EngineRoom at(
            Path folder,
            NbdUri.Address address,
            Optional<Path> certificates,
            Function<ExportEngines, ExportEngine> build) {
        return new EngineRoom(folder, new ExportEngines(folder.resolve("run"), address, certificates), build);
    }

    ExportEngine engine() {
        return engine;
    }

    ExportEngines engines() {
        return engines;
    }

    /** Makes a raw image of zeros. */
    Image raw(String name, long sizeBytes) {
        Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(sizeBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Image(path, Image.Format.RAW);
    }

    static ExportName fresh() {
        return new ExportName(VolumeId.random(), 1);
    }

    static ExportName next(ExportName name) {
        return new ExportName(name.volume(), name.epoch() + 1);
    }

    static NbdClient connect(NbdUri uri) throws NbdException {
        return NbdClient.connect(uri, ClientOptions.defaults());
    }

    /** Writes one byte value over a range, and flushes. */
    static void fill(NbdUri uri, long offsetBytes, int lengthBytes, int value) throws NbdException {
        try (NbdClient client = connect(uri)) {
            client.write(offsetBytes, filled(lengthBytes, value), 0);
            client.flush();
        }
    }

    static byte[] read(NbdUri uri, long offsetBytes, int lengthBytes) throws NbdException {
        try (NbdClient client = connect(uri)) {
            ByteBuffer into = ByteBuffer.allocate(lengthBytes);
            client.read(offsetBytes, into);
            return into.array();
        }
    }

    static ByteBuffer filled(int lengthBytes, int value) {
        ByteBuffer buffer = ByteBuffer.allocate(lengthBytes);
        while (buffer.hasRemaining()) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    /** Number of the storage daemon that belongs to this room. */
    long daemonPid() throws IOException {
        return Long.parseLong(
                Files.readString(engines.folder().resolve("qemu.pid")).strip());
    }

    /** Ends the storage daemon as a crash would. */
    void killDaemon() throws IOException {
        ProcessHandle process = ProcessHandle.of(daemonPid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        engine.close();
        engines.stop();
    }
}
