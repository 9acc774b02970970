package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.shell.command.TypedCommands.Outcome;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Replications, their jobs and verifications by command. */
@Timeout(120)
final class ReplicationCommandsTest {
    private static final int MIB = 1 << 20;
    private static final String JOB_ID = "job-\\d{8}-\\d{6}\\.\\d{3}-[0-9a-f]{6}";

    @TempDir
    static Path folder;

    private static TypedCommands typed;

    @BeforeAll
    static void open() throws IOException {
        typed = TypedCommands.inMemory(folder.resolve("home"));
    }

    @AfterAll
    static void close() {
        typed.close();
    }

    @Test
    void aResultIsOneObjectWithTenFiguresAndNothingBesideIt() throws IOException {
        vm("web01", image("web01.raw", 2 * MIB, 3 * MIB + 512));
        Outcome outcome = typed.run("replicate start web01 --wait --json").exits(0);
        JsonNode result = outcome.json();
        assertThat(outcome.err()).isEmpty();
        assertThat(result.get("jobId").asString()).matches(JOB_ID);
        assertThat(result.get("status").asString()).isEqualTo("completed");
        assertThat(result.get("bytesTotal").asLong()).isEqualTo(3 * MIB + 512);
        assertThat(result.get("bytesCopied").asLong()).isEqualTo(2 * MIB);
        assertThat(result.get("bytesZeroed").asLong()
                        + result.get("bytesSkipped").asLong())
                .isEqualTo(MIB + 512);
        assertThat(result.get("bytesRecopied").asLong()).isZero();
        assertThat(result.get("copySeconds").asDouble()).isPositive();
        assertThat(result.get("commitSeconds").asDouble())
                .isBetween(0.0, result.get("copySeconds").asDouble());
        assertThat(result.get("restarts").asInt()).isZero();
        assertThat(result.get("exitCode").asInt()).isZero();
    }

    @Test
    void aFailedJobIsOneObjectWithItsErrorAndItsExitCode() throws IOException {
        Path image = image("gone.raw", MIB, MIB);
        vm("gone", image);
        Files.delete(image);
        Outcome outcome = typed.run("replicate start gone --wait --json").exits(4);
        JsonNode result = outcome.json();
        assertThat(result.get("jobId").asString()).matches(JOB_ID);
        assertThat(result.get("status").asString()).isEqualTo("failed");
        assertThat(result.get("exitCode").asInt()).isEqualTo(4);
        assertThat(result.get("error").asString()).contains("gone.raw");
        assertThat(outcome.err()).contains("error: " + result.get("error").asString());
        JsonNode none =
                typed.run("replicate start nobody --wait --json").exits(4).json();
        assertThat(none.get("status").asString()).isEqualTo("error");
        assertThat(none.get("exitCode").asInt()).isEqualTo(4);
    }

    @Test
    void copiesAsMuchAsItsModeSaysAndAsksBeforeItCopiesMore() throws IOException {
        LabVm vm = Lab.open(folder.resolve("lab")).create("tracked", 60, 7, 8 * MIB);
        String source = vm.ref(vm.diskKeys().get(0)).text();
        typed.run("vm add tracked --disk '%s=%s'".formatted(source, folder.resolve("tracked-target.raw")))
                .exits(0);
        long fullBytes = copied("replicate start tracked --wait --json");
        long writtenBytes = vm.churn(8, 2);
        assertThat(copied("replicate start tracked --mode incremental --wait --json"))
                .isBetween(1L, writtenBytes)
                .isLessThan(fullBytes / 2);
        assertThat(copied("replicate start tracked --mode full --wait --json")).isGreaterThanOrEqualTo(fullBytes);

        vm.resetTracking();
        Outcome asked = typed.run("replicate start tracked --mode incremental --fallback ask --wait --json")
                .exits(6);
        assertThat(asked.json().get("exitCode").asInt()).isEqualTo(6);
        assertThat(asked.json().get("error").asString())
                .contains("VM 'tracked' disk 1 cannot be replicated incrementally", "--mode full");
        assertThat(typed.run("replicate start tracked --mode incremental --fallback fail --wait")
                        .exits(1)
                        .err())
                .contains("The fallback policy is 'fail'");
        assertThat(copied("replicate start tracked --mode incremental --fallback auto --wait --json"))
                .isGreaterThanOrEqualTo(fullBytes);
        assertThat(typed.run("job events tracked").exits(0).out()).contains("fallback", "is copied in full");

        assertThat(typed.run("replicate start tracked --mode some --wait")
                        .exits(2)
                        .err())
                .contains("'some'", "auto", "full", "incremental");
        assertThat(typed.run("replicate start tracked --fallback never --wait")
                        .exits(2)
                        .err())
                .contains("'never'", "auto", "ask", "fail");
    }

    @Test
    void listsStopsAndRestartsAJobThatIsAtWork() throws Exception {
        Path image = image("held.raw", 24 * MIB, 24 * MIB);
        vm("small", image("small.raw", MIB, MIB));
        try (GatedDisk disk = GatedDisk.serve(image, folder.resolve("s"))) {
            Path target = folder.resolve("held-target.raw");
            typed.run("vm add held --disk '%s=%s'".formatted(disk.uri(), target))
                    .exits(0);
            disk.shut();
            CompletableFuture<Outcome> started = typed.start("replicate start held --wait --json");
            disk.awaitReader();
            String id = typed.run("replicate show held --json")
                    .exits(0)
                    .json()
                    .get("jobId")
                    .asString();
            findsTheOneAtWorkBehindNewerOnes(id);

            CompletableFuture<Outcome> stopped = typed.start("replicate stop held --wait --json");
            until(() -> typed.engine().service(ReplicationJobs.class).stopRequested(id));
            disk.open();
            assertThat(stopped.join().exits(0).json().get("status").asString()).isEqualTo("stopped");
            assertThat(started.join().exits(130).json().get("status").asString())
                    .isEqualTo("stopped");
            assertThat(typed.run("replicate stop held").exits(1).err()).contains("not at work; it is stopped");
            assertThat(typed.run("job events held").exits(0).out())
                    .contains(
                            "stop.requested",
                            "process " + ProcessHandle.current().pid(),
                            "bytes are done");

            restartsById(disk, id);
            assertThat(Files.mismatch(image, target)).isEqualTo(-1);
        }
    }

    private static void findsTheOneAtWorkBehindNewerOnes(String id) {
        typed.run("replicate start small --wait").exits(0);
        typed.run("replicate start small --mode full --wait").exits(0);
        for (String list : new String[] {"replicate list", "job list"}) {
            JsonNode active = typed.run(list + " --active --limit 1 --json")
                    .exits(0)
                    .json()
                    .get("jobs");
            assertThat(ids(active)).as(list).containsExactly(id);
            JsonNode newest =
                    typed.run(list + " --limit 2 --json").exits(0).json().get("jobs");
            assertThat(ids(newest))
                    .as(list)
                    .hasSize(2)
                    .doesNotContain(id)
                    .isSortedAccordingTo((a, b) -> b.compareTo(a));
            assertThat(typed.run(list + " --limit 0").exits(2).err()).contains("--limit is '0'", "from 1 to 10000");
            assertThat(typed.run(list + " --limit 10001").exits(2).err()).contains("--limit");
            assertThat(typed.run(list + " --active").exits(0).out()).contains(id, "held", "replicating");
        }
        assertThat(new EngineNames(typed.engine()).jobIds()).contains(id);
    }

    private static void restartsById(GatedDisk disk, String id) throws InterruptedException {
        disk.shut();
        CompletableFuture<Outcome> restarted = typed.start("replicate restart %s --wait --json".formatted(id));
        disk.awaitReader();
        assertThat(typed.run("replicate stop " + id).exits(0).out()).contains("asked to stop", "at its next commit");
        disk.open();
        JsonNode again = restarted.join().exits(130).json();
        assertThat(again.get("jobId").asString()).isEqualTo(id);
        assertThat(again.get("restarts").asInt()).isOne();
        disk.shut();
        CompletableFuture<Outcome> ended = typed.start("replicate restart %s --wait --json".formatted(id));
        disk.awaitReader();
        followsTo("promoted", "job events held --follow", disk);
        JsonNode done = ended.join().exits(0).json();
        assertThat(done.get("status").asString()).isEqualTo("completed");
        assertThat(done.get("restarts").asInt()).isEqualTo(2);
        assertThat(typed.run("replicate restart %s --wait".formatted(id))
                        .exits(1)
                        .err())
                .contains(id + " is completed", "only stopped, failed or interrupted jobs");
    }

    /** The event comes after everything that was there when the follower came. */
    private static void followsTo(String event, String line, GatedDisk disk) {
        StringWriter events = new StringWriter();
        CompletableFuture<Outcome> followed = CompletableFuture.supplyAsync(() -> typed.run(line, events));
        until(() -> events.toString().contains("restarted"));
        assertThat(events.toString()).contains("planned").doesNotContain(event);
        assertThat(followed).as("while the job is at work").isNotDone();
        disk.open();
        String all = followed.join().exits(0).out();
        assertThat(all).containsOnlyOnce("planned").containsOnlyOnce(event);
    }

    @Test
    void followsNoJobWhoseProcessIsGone() throws IOException {
        vm("dead", image("dead.raw", MIB, MIB));
        String id = typed.run("replicate start dead --wait --json")
                .exits(0)
                .json()
                .get("jobId")
                .asString();
        typed.engine()
                .service(JdbcClient.class)
                .sql("UPDATE replication_jobs SET status = 'replicating' WHERE id = ?") // what a kill leaves behind
                .param(id)
                .update();
        assertThat(typed.run("job events dead --follow").exits(0).out())
                .contains("promoted", "The process of %s died. To make it restartable: job recover".formatted(id));
        assertThat(typed.run("job recover").exits(0).out()).contains(id);
    }

    @Test
    void verifiesTheSampleThatItsSeedNames() throws IOException {
        vm("sampled", image("sampled.raw", 24 * MIB, 24 * MIB));
        assertThat(typed.run("verify sampled").exits(1).err()).contains("no restore point yet");
        typed.run("replicate start sampled --wait").exits(0);
        Files.write(target("sampled"), new byte[24 * MIB]); // nearly every byte differs: what is listed is the sample
        assertThat(verified("--percent 30 --seed 7").get("listed"))
                .isNotEmpty()
                .isEqualTo(verified("--percent 30 --seed 7").get("listed"))
                .isNotEqualTo(verified("--percent 30 --seed 8").get("listed"));
        assertThat(verified("--percent 30 --seed 7").get("bytesCompared").asLong())
                .isBetween((long) MIB, 16L * MIB);
        assertThat(verified("--percent 0.5").get("bytesCompared").asLong()).isBetween((long) MIB, 4L * MIB);
        assertThat(verified("").get("bytesCompared").asLong()).isEqualTo(24 * MIB);
        for (String percent : new String[] {"0", "101", "-1", "NaN"}) {
            assertThat(typed.run("verify sampled --percent=" + percent).exits(2).err())
                    .contains("percent cannot be verified; give more than 0, up to 100");
        }
        assertThat(typed.run("verify sampled --percent some").exits(2).err()).contains("--percent is 'some'");
        assertThat(typed.run("verify sampled --seed=-1").exits(2).err()).contains("--seed is '-1'");
    }

    private static JsonNode verified(String options) {
        return typed.run("verify sampled --json " + options).exits(1).json();
    }

    private static long copied(String line) {
        return typed.run(line).exits(0).json().get("bytesCopied").asLong();
    }

    private static Stream<String> ids(JsonNode jobs) {
        return jobs.valueStream().map(job -> job.get("jobId").asString());
    }

    private static void until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void vm(String name, Path image) {
        typed.run("vm add %s --disk '%s=%s'".formatted(name, image, target(name)))
                .exits(0);
    }

    private static Path target(String name) {
        return folder.resolve(name + "-target.raw");
    }

    /** Makes an image that begins with random bytes; the rest is a hole. */
    private static Path image(String name, int dataBytes, int lengthBytes) throws IOException {
        byte[] data = new byte[dataBytes];
        new Random(dataBytes).nextBytes(data);
        Path image = Files.write(folder.resolve(name), data);
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(lengthBytes);
        }
        return image;
    }
}
