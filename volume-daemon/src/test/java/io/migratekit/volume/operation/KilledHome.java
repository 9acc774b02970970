package io.migratekit.volume.operation;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.ledger.JournalWrites;
import io.migratekit.volume.local.LocalBackend;
import io.migratekit.volume.local.LocalSettings;
import io.migratekit.volume.local.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * What a daemon has that can be killed: a database file, a pool of images and an NBD server within the process, all of
 * them real. All of it is let go when the process dies.
 */
final class KilledHome implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int BLOCK_BYTES = 4096;

    final LocalBackend backend;
    final ExportEngine engine;
    final JournalWrites writes;

    private final Path pool;
    private final JdbcConnectionPool connections;
    private final Database database;

    /** Opens a home whose folder holds a copy of the {@link #template}; becomes the daemon of its database. */
    KilledHome(Path home) {
        pool = home.resolve("v");
        connections = connections(home.resolve("db"));
        database = Database.on(connections);
        writes = database.lease(Case.PATIENCE)
                .writes(database.lease(Case.PATIENCE).acquire(Optional.empty()));
        backend = LocalBackend.open(new LocalSettings(pool, VolumeDaemon.Format.RAW, 0, 1000, "here", Tools.onPath()));
        engine = new OfAllFormats(
                new ExportEngines(home.resolve("x"), new NbdUri.Unix(home.resolve("x/s")), Optional.empty())
                        .embedded());
    }

    /** Makes an empty, migrated database; returns its only file. */
    static Path template(Path folder) {
        JdbcConnectionPool connections = connections(folder.resolve("template"));
        Database.of(connections, "h2");
        connections.dispose();
        return folder.resolve("template.mv.db");
    }

    /** Puts the template where a home is to be. */
    static Path fresh(Path home, Path template) throws IOException {
        Files.copy(template, Files.createDirectory(home).resolve("db.mv.db"));
        return home;
    }

    /** The lock of the system alone, which ends with the process; there are hundreds, so each has little memory. */
    private static JdbcConnectionPool connections(Path file) {
        return JdbcConnectionPool.create(
                "jdbc:h2:file:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;FILE_LOCK=FS;CACHE_SIZE=256"
                        .formatted(file),
                "sa",
                "");
    }

    VolumeOperations daemon(JournalWrites through) {
        return new VolumeOperations(
                database.ledger(), through, new Backends(List.of(backend)), engine, Duration.ofSeconds(5));
    }

    /** Fills the first block of a volume that is not exported with the first letter of a word. */
    void write(VolumeId id, String word) {
        try {
            Path image = image(id);
            if (isQcow2(image)) {
                qemuIo(image, "-c", "write -P %d 0 %d".formatted((int) word.charAt(0), BLOCK_BYTES));
                return;
            }
            try (FileChannel raw = FileChannel.open(image, StandardOpenOption.WRITE)) {
                raw.write(ByteBuffer.wrap(filled(word)), 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether a volume holds that, and zeros behind it. */
    boolean holds(VolumeId id, String word) throws IOException {
        Path image = image(id);
        if (isQcow2(image)) {
            String said = qemuIo(
                    image,
                    "-c",
                    "read -P %d 0 %d".formatted((int) word.charAt(0), BLOCK_BYTES),
                    "-c",
                    "read -P 0 %1$d %1$d".formatted(BLOCK_BYTES));
            return !said.contains("Pattern verification failed");
        }
        try (InputStream content = Files.newInputStream(image)) {
            return Arrays.equals(content.readNBytes(BLOCK_BYTES), filled(word))
                    && Arrays.equals(content.readNBytes(BLOCK_BYTES), new byte[BLOCK_BYTES]);
        }
    }

    private static byte[] filled(String word) {
        byte[] block = new byte[BLOCK_BYTES];
        Arrays.fill(block, (byte) word.charAt(0));
        return block;
    }

    private Path image(VolumeId id) throws IOException {
        return pool.resolve(id.text()).resolve("disk").toRealPath();
    }

    private static String qemuIo(Path image, String... commands) {
        List<String> line = new ArrayList<>(List.of("qemu-io", "-f", "qcow2"));
        line.addAll(List.of(commands));
        line.add(image.toString());
        return Peer.run(TIMEOUT, line.toArray(String[]::new)).orFail();
    }

    private static boolean isQcow2(Path image) throws IOException {
        try (InputStream content = Files.newInputStream(image)) {
            return new String(content.readNBytes(3), StandardCharsets.ISO_8859_1).equals("QFI");
        }
    }

    @Override
    public void close() {
        engine.close();
        backend.close();
        connections.dispose();
    }

    /** Snapshot sets are only taken where the engine could serve what they lead to; nobody exports that here. */
    private record OfAllFormats(ExportEngine embedded) implements ExportEngine {
        @Override
        public String name() {
            return embedded.name();
        }

        @Override
        public boolean serves(Image.Format format) {
            return true;
        }

        @Override
        public NbdUri add(ExportName name, Image image, boolean readOnly) {
            return embedded.add(name, image, readOnly);
        }

        @Override
        public boolean remove(ExportName name) {
            return embedded.remove(name);
        }

        @Override
        public Set<ExportName> names() {
            return embedded.names();
        }

        @Override
        public Optional<NbdUri> uri(ExportName name) {
            return embedded.uri(name);
        }

        @Override
        public int clients() {
            return embedded.clients();
        }

        @Override
        public String check() {
            return embedded.check();
        }

        @Override
        public void close() {
            embedded.close();
        }
    }
}
