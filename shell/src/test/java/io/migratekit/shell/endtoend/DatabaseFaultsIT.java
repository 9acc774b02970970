package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.shell.program.Program;
import io.migratekit.sql.MariaDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is locked, broken, full, gone or away: said in one message, and no copy is lost by it. */
final class DatabaseFaultsIT {
    private static final int IMAGE_BYTES = 48 << 20;
    private static final int BYTES_PER_SECOND = 12 << 20;
    private static final int COMMITTED_BYTES = 4 << 20;

    @TempDir
    Path folder;

    private Program program;
    private Path source;
    private Path target;
    private Path output;

    @BeforeEach
    void prepare() throws Exception {
        program = new Program(folder).with("MIGRATEKIT_CHUNK_BYTES", "1MB").with("MIGRATEKIT_COPY_WINDOW", "2MB");
        source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, 3);
        target = folder.resolve("target.raw");
        output = folder.resolve("output.txt");
    }

    @Test
    void aDatabaseThatAnotherProgramHoldsIsBusy() throws Exception {
        program.run("vm", "list").exits(0);
        String url = "jdbc:h2:file:%s/db/migratekit;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
                .formatted(program.home());
        try (Connection held = DriverManager.getConnection(url, "sa", "")) {
            assertThat(held.isValid(1)).isTrue();
            assertThat(program.run("copy", source + "", target + "").exits(5).err())
                    .contains("the database is locked by another process", "wait for that process or end it")
                    .doesNotContain("\tat ");
            program.run("version").exits(0);
            assertThat(program.run("doctor").exits(1).out()).contains("the database is locked by another process");
        }
        program.run("vm", "list").exits(0);
    }

    @Test
    void aDatabaseThatCannotBeReadIsNamed() throws Exception {
        Path database = Files.createDirectories(program.home().resolve("db")).resolve("migratekit.mv.db");
        Files.write(database, new byte[100_000]);
        assertThat(program.run("vm", "list").exits(1).err())
                .contains("the database cannot be opened", database.toString(), "MIGRATEKIT_DB_URL")
                .doesNotContain("\tat ");
        assertThat(program.with("MIGRATEKIT_DB_URL", "jdbc:mariadb://127.0.0.1/x")
                        .run("vm", "list")
                        .exits(1)
                        .err())
                .contains("has no driver here", "jdbc:mysql:");
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void aDatabaseThatIsRemovedEndsTheJobAndTheNextOneCopiesAll() throws Exception {
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            Process process = program.start(output, "copy", slow.uri(), target + "");
            Rig.awaitData(target, COMMITTED_BYTES);
            removeAll(program.home().resolve("db"));
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(1);
            assertThat(Files.readString(output))
                    .contains("the database file", "was removed while the job ran", "start anew")
                    .doesNotContain("completed");
        }
        program.run("copy", source + "", target + "").exits(0);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    /** The log is on the same disk, as it is at home: that it cannot be written either is one line. */
    @Test
    @NeedsPeer("qemu-storage-daemon")
    void aFullDiskAtHomeEndsTheJobWhichGoesOnOnceThereIsRoom() throws Exception {
        try (AutoCloseable disk = Rig.smallDisk(program.home(), "24m");
                SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            assertThat(disk).isNotNull();
            Process process = program.start(output, "copy", slow.uri(), target + "");
            Rig.awaitData(target, COMMITTED_BYTES);
            Path ballast = Rig.fill(program.home());
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(1);
            assertThat(Files.readString(output))
                    .contains("the database does not answer: No space left on device")
                    .containsOnlyOnce("cannot be written (No space left on device); going on without it")
                    .doesNotContain("\tat ");
            assertThat(program.run("doctor").out()).contains("0 B free");
            Files.delete(ballast);
            assertThat(program.run("copy", slow.uri(), target + "").exits(0).out())
                    .contains("goes on from its last commit", "Restarted 1 time(s)");
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer({"qemu-storage-daemon", "mariadbd", "mariadb-install-db", "my_print_defaults"})
    void aServerThatStopsEndsTheJobWhichGoesOnOnceItIsBack() throws Exception {
        try (MariaDb server = MariaDb.start(Files.createDirectory(folder.resolve("m")));
                SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            program.with("MIGRATEKIT_DB_URL", server.url("migratekit_oma"))
                    .with("MIGRATEKIT_DB_USER", "root")
                    .with("MIGRATEKIT_LEASE_TIMEOUT", "6s")
                    .with("SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT", "1000");
            Process process = program.start(output, "copy", slow.uri(), target + "");
            Rig.awaitData(target, COMMITTED_BYTES);
            server.kill();
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(1);
            assertThat(Files.readString(output))
                    .contains("the database does not answer", "Run 'doctor', then restart the job")
                    .doesNotContain("\tat ");
            server.startAgain();
            assertThat(program.run("copy", slow.uri(), target + "").exits(0).out())
                    .contains("goes on from its last commit");
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    private static void removeAll(Path folder) throws Exception {
        List<Path> found;
        try (Stream<Path> tree = Files.walk(folder)) {
            found = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : found) {
            if (!path.equals(folder)) {
                Files.delete(path);
            }
        }
    }
}
