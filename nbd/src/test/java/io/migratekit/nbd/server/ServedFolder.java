package io.migratekit.nbd.server;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A server over a folder's files, for tests with real clients. */
final class ServedFolder implements AutoCloseable {
    static final int SIZE_BYTES = 32 << 20;

    private final Path folder;
    private final NbdServer server;

    private ServedFolder(Path folder, NbdServer server) {
        this.folder = folder;
        this.server = server;
    }

    static ServedFolder onUnixSocket(Path folder) throws IOException {
        return on(folder, new NbdUri.Unix(folder.resolve("served.sock")), ServerOptions.defaults());
    }

    static ServedFolder onTcp(Path folder) throws IOException {
        return on(folder, new NbdUri.Tcp("127.0.0.1", 0), ServerOptions.defaults());
    }

    static ServedFolder on(Path folder, NbdUri.Address address, ServerOptions options) throws IOException {
        return new ServedFolder(folder, NbdServer.listen(address, options));
    }

    NbdServer server() {
        return server;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Serves a file of the folder, which is made of zeros if it does not exist; returns its URI. */
    String serve(String name) throws IOException {
        if (!Files.exists(file(name))) {
            sparse(file(name), SIZE_BYTES);
        }
        server.add(name, FileDevice.open(file(name), false), ExportOptions.readWrite());
        return server.uri(name).toString();
    }

    /** Makes a file with data at the start, in the middle and in the last bytes, and holes between. */
    Path mixed(String name, long sizeBytes) throws IOException {
        sparse(file(name), sizeBytes);
        byte[] data = new byte[3 << 20];
        new Random(sizeBytes).nextBytes(data);
        try (FileDevice device = FileDevice.open(file(name), false)) {
            device.write(0, ByteBuffer.wrap(data));
            device.write(sizeBytes / 2 + 511, ByteBuffer.wrap(data, 0, 1 << 20));
            device.write(sizeBytes - 100_000, ByteBuffer.wrap(data, 0, 100_000));
        }
        return file(name);
    }

    static void sparse(Path file, long sizeBytes) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(sizeBytes);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
