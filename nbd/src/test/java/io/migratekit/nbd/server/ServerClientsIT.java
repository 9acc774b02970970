package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote, against our server. */
final class ServerClientsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Path folder;
    private ServedFolder served;

    ServerClientsIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        served = ServedFolder.onUnixSocket(folder);
    }

    @BeforeEach
    void serving() {
        assertThat(served.server().exportNames()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        served.close();
    }

    @Test
    @NeedsPeer("nbdinfo")
    void nbdinfoSeesSizeFlagsAndBlockSizes() throws IOException {
        ServedFolder.sparse(served.file("odd.raw"), 1_000_001);
        String info = run("nbdinfo", served.serve("odd.raw"));
        assertThat(info)
                .contains("using structured packets")
                .contains("export-size: 1000001")
                .contains("can_flush: true")
                .contains("can_fua: true")
                .contains("can_multi_conn: true")
                .contains("can_fast_zero: true")
                .contains("is_read_only: false")
                .contains("base:allocation")
                .contains("block_size_minimum: 1")
                .contains("block_size_maximum: 33554432");
    }

    @Test
    @NeedsPeer("nbdinfo")
    void nbdinfoListsExportsAndDescriptions() throws IOException {
        served.serve("b.raw");
        served.server().add("a", new MemoryDevice(512), new ExportOptions(true, "first disk of db01"));
        String list = run("nbdinfo", "--list", served.server().uri("").toString());
        assertThat(list).contains("export=\"a\"").contains("first disk of db01").contains("export=\"b.raw\"");
        assertThat(list.indexOf("export=\"a\"")).isLessThan(list.indexOf("export=\"b.raw\""));
    }

    @Test
    @NeedsPeer({"nbdinfo", "qemu-img"})
    void theMapShowsTheHolesOfTheFile() throws IOException {
        served.mixed("m.raw", ServedFolder.SIZE_BYTES);
        String uri = served.serve("m.raw");
        assertThat(run("nbdinfo", "--map", uri).lines().map(line -> line.strip().split(" +", -1)[2]))
                .containsExactly("0", "3", "0", "3", "0");
        assertThat(run("qemu-img", "map", "-f", "raw", uri).lines()).hasSize(4); // a title and three stretches
    }

    @Test
    @NeedsPeer({"nbdcopy", "cmp"})
    void nbdcopyWritesAndReadsBack() throws IOException {
        Path original = served.mixed("original.raw", ServedFolder.SIZE_BYTES + 777);
        ServedFolder.sparse(served.file("copy.raw"), Files.size(original));
        String uri = served.serve("copy.raw");
        run("nbdcopy", "--flush", original.toString(), uri);
        run("cmp", original.toString(), served.file("copy.raw").toString());
        run(
                "nbdcopy",
                "--connections=4",
                "--requests=64",
                uri,
                served.file("back.raw").toString());
        run("cmp", original.toString(), served.file("back.raw").toString());
    }

    @Test
    @NeedsPeer("qemu-img")
    void qemuImgConvertsBothWaysAndCompares() throws IOException {
        Path original = served.mixed("original.raw", ServedFolder.SIZE_BYTES);
        String uri = served.serve("target.raw");
        run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", original.toString(), uri);
        run("qemu-img", "compare", "-f", "raw", "-F", "raw", original.toString(), uri);
        String image = served.file("image.qcow2").toString();
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", uri, image);
        run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", original.toString(), image);
    }

    @Test
    @NeedsPeer("qemu-io")
    void qemuIoWritesZeroesDiscardsAndFlushes() throws IOException {
        String uri = served.serve("q.raw");
        String output = run(
                "qemu-io",
                "-f",
                "raw",
                "-c",
                "write -P 0x5a 0 1M",
                "-c",
                "write -f -P 0x6b 1M 1M", // FUA
                "-c",
                "write -z 256k 64k", // NO_HOLE
                "-c",
                "write -z -u 512k 64k", // may punch
                "-c",
                "write -z -n 768k 4k", // fast or not at all
                "-c",
                "discard 896k 64k",
                "-c",
                "flush",
                "-c",
                "read -P 0x5a 0 256k",
                "-c",
                "read -P 0 256k 64k",
                "-c",
                "read -P 0x5a 320k 192k",
                "-c",
                "read -P 0 512k 64k",
                "-c",
                "read -P 0x5a 960k 64k",
                "-c",
                "read -P 0x6b 1M 1M",
                uri);
        assertThat(output).doesNotContain("failed").doesNotContain("error");
    }

    @Test
    @NeedsPeer("qemu-io")
    void aReadOnlyExportRefusesWrites() throws IOException {
        ServedFolder.sparse(served.file("ro.raw"), 1 << 20);
        served.server().add("ro", FileDevice.open(served.file("ro.raw"), true), ExportOptions.readOnlyExport());
        Peer.Result result = Peer.run(
                TIMEOUT,
                "qemu-io",
                "-f",
                "raw",
                "-c",
                "write 0 4k",
                served.server().uri("ro").toString());
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).doesNotContain("wrote");
        run(
                "qemu-io",
                "-r",
                "-f",
                "raw",
                "-c",
                "read -P 0 0 1M",
                served.server().uri("ro").toString());
    }

    @Test
    @NeedsPeer("fio")
    void fioVerifiesRandomWritesAtDepth() throws IOException {
        String uri = served.serve("fio.raw");
        String output = run(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=32",
                "--size=16M",
                "--verify=crc32c",
                "--do_verify=1",
                "--verify_fatal=1",
                "--verify_state_save=0", // would be a file in the folder that fio was started in
                "--output=" + folder.resolve("fio.out"));
        assertThat(output).doesNotContain("verify:");
        assertThat(Files.readString(folder.resolve("fio.out"))).contains("err= 0");
    }

    @Test
    @NeedsPeer({"nbdkit", "nbdcopy", "cmp"})
    void nbdkitPassesOnWhatOurServerServes() throws IOException {
        Path original = served.mixed("original.raw", ServedFolder.SIZE_BYTES);
        String uri = served.serve("original.raw");
        try (Peer proxy = Peer.nbdkit(folder, "nbd", "uri=" + uri, "shared=true")) {
            run("nbdcopy", proxy.uri("").toString(), served.file("back.raw").toString());
            run("cmp", original.toString(), served.file("back.raw").toString());
        }
    }

    @Test
    @NeedsPeer({"nbdcopy", "cmp"})
    void tcpWorksAsUnixSocketsDo() throws IOException {
        try (ServedFolder tcp = ServedFolder.onTcp(folder)) {
            Path original = tcp.mixed("original.raw", ServedFolder.SIZE_BYTES);
            String uri = tcp.serve("copy.raw");
            run("nbdcopy", original.toString(), uri);
            run("cmp", original.toString(), tcp.file("copy.raw").toString());
        }
    }

    @Test
    @NeedsPeer({"nbdcopy", "nbdinfo", "cmp"})
    void aHundredExportsComeAndGoWhileACopyRuns() throws Exception {
        Path original = served.mixed("original.raw", 4L * ServedFolder.SIZE_BYTES);
        ServedFolder.sparse(served.file("copy.raw"), Files.size(original));
        String uri = served.serve("copy.raw");
        Thread copier = new Thread(() -> {
            for (int round = 0; round < 5; round++) {
                run("nbdcopy", "--allocated", original.toString(), uri);
            }
        });
        Throwable[] failure = new Throwable[1];
        copier.setUncaughtExceptionHandler((thread, reason) -> failure[0] = reason);
        copier.start();
        for (int number = 0; number < 100; number++) {
            String name = "vol-" + number;
            served.server().add(name, new MemoryDevice(1 << 20), ExportOptions.readWrite());
            if (number % 20 == 0) {
                assertThat(run("nbdinfo", "--size", served.server().uri(name).toString()))
                        .startsWith("1048576");
            }
            assertThat(served.server().remove(name)).isTrue();
        }
        copier.join();
        assertThat(failure[0]).isNull();
        run("cmp", original.toString(), served.file("copy.raw").toString());
    }

    private static String run(String... command) {
        return Peer.run(TIMEOUT, command).orFail();
    }
}
