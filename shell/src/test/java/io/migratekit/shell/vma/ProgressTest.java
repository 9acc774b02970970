package io.migratekit.shell.vma;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.Vma;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.volume.web.AccessToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The progress of a replication over HTTP, on the real ledger. */
final class ProgressTest {
    @TempDir
    static Path folder;

    private static OneReplication replication;
    private static VmaServer server;
    private static ApiClient client;

    @BeforeAll
    static void listen() throws Exception {
        replication = new OneReplication();
        AccessToken token = AccessToken.ofServer(folder.resolve("vma.token"));
        server = VmaServer.start(
                new Vma("127.0.0.1", 0, Optional.empty(), Duration.ZERO),
                new VmaServer.Served(new ScriptedSite(), replication.progress(), () -> true, token));
        client = new ApiClient(
                server.endpoint(), Files.readString(folder.resolve("vma.token")).strip());
    }

    @AfterAll
    static void stopListening() {
        server.close();
        replication.close();
    }

    @BeforeEach
    void begin() {
        replication.begin();
    }

    @Test
    void tellsWhatTheLedgerSaysOfAReplication() throws Exception {
        replication.jobs().operation(replication.lease(), "copy");
        replication
                .jobs()
                .counters(replication.lease(), new ReplicationJob.Counters(1000, 400, 100, 50, 600, 0, 25, 0, 0), 37.5);
        JsonNode progress =
                client.get("/api/v1/progress/" + OneReplication.JOB).is(200).json();
        assertThat(progress.path("status").asString()).isEqualTo("Streaming");
        assertThat(progress.path("stage").asString()).isEqualTo("Transfer");
        assertThat(progress.path("reported_by").asString()).isEqualTo("ledger");
        assertThat(progress.path("percentage").asDouble()).isEqualTo(37.5);
        assertThat(progress.path("bytes_transferred").asLong()).isEqualTo(150);
        assertThat(progress.path("total_bytes").asLong()).isEqualTo(400);
        assertThat(progress.path("eta_seconds").asLong()).isEqualTo(10);

        replication.processDied(true);
        progress = client.get("/api/v1/progress/" + OneReplication.JOB).is(200).json();
        assertThat(progress.path("status").asString()).isEqualTo("Failed");
        assertThat(progress.path("error_classification").asString()).isEqualTo("job_lost");
        replication.processDied(false);

        replication.jobLog().beginStep(OneReplication.JOB, "plan");
        replication
                .jobs()
                .end(replication.lease(), JobStatus.FAILED, Optional.of("the disk is full"), Optional.of("Failed"));
        progress = client.get("/api/v1/progress/" + OneReplication.JOB).is(200).json();
        assertThat(progress.path("status").asString()).isEqualTo("Failed");
        assertThat(progress.path("job_status").asString()).isEqualTo("failed");
        assertThat(progress.path("stage").asString()).as("where it ended").isEqualTo("QueryCBT");
        assertThat(progress.path("error_details").asString()).isEqualTo("the disk is full");
        assertThat(client.get("/api/v1/progress/job-2").is(404).body()).contains("no replication 'job-2'");
    }

    @Test
    void keepsWhatAWorkerReportsButLeavesItToTheLedgerThatAJobIsDone() throws Exception {
        String report = """
                {"status": "%s", "stage": "Transfer", "sync_type": "incremental", "percentage": 12.5,
                 "bytes_transferred": 1250000, "total_bytes": 10000000, "transfer_speed_bps": 2500000,
                 "eta_seconds": 4, %s
                 "disks": [{"id": "disk-2000", "status": "Streaming", "bytes_transferred": 1250000,
                            "total_bytes": 10000000}]}""";
        String update = "/api/v1/progress/" + OneReplication.JOB + "/update";
        client.post(update, report.formatted("Streaming", "")).is(200);
        client.post(update, report.formatted("Streaming", "")).is(200);
        String trouble = "\"error_classification\": \"disk\", \"error_details\": \"sector 7\",";
        client.post(update, report.formatted("Succeeded", trouble)).is(200);

        JsonNode progress =
                client.get("/api/v1/progress/" + OneReplication.JOB).is(200).json();
        assertThat(progress.path("reported_by").asString()).isEqualTo("worker");
        assertThat(progress.path("percentage").asDouble()).isEqualTo(12.5);
        assertThat(progress.path("throughput_mbps").asDouble()).isEqualTo(2.5);
        assertThat(progress.at("/disks/0/bytes_transferred").asLong()).isEqualTo(1250000);
        assertThat(progress.path("error_details").asString()).isEqualTo("sector 7");
        assertThat(progress.path("job_status").asString()).isEqualTo("replicating");
        assertThat(progress.path("status").asString())
                .as("only the ledger says so")
                .isEqualTo("Finalizing");
        assertThat(replication.jobLog().events(OneReplication.JOB, 0))
                .extracting(JobEvent::code)
                .containsExactly("worker.stage", "worker.error");
        assertThat(replication.jobs().find(OneReplication.JOB).orElseThrow().status())
                .isEqualTo(JobStatus.REPLICATING);
    }

    @Test
    void refusesReportsThatMakeNoSenseOrComeTooLate() throws Exception {
        String update = "/api/v1/progress/" + OneReplication.JOB + "/update";
        String good = "{\"status\":\"Streaming\",\"stage\":\"Transfer\"%s}";
        client.post("/api/v1/progress/job-2/update", good.formatted("")).is(404);
        assertThat(client.post(update, "{\"status\":\"Running\",\"stage\":\"Transfer\"}")
                        .is(400)
                        .body())
                .contains("Queued, Preparing");
        assertThat(client.post(update, "{\"status\":\"Queued\"}").is(400).body())
                .contains("'stage' is missing");
        client.post(update, good.formatted(",\"percentage\":101")).is(400);
        client.post(update, good.formatted(",\"bytes_transferred\":-1")).is(400);
        client.post(update, good.formatted(",\"job_id\":\"job-9\"")).is(400);
        client.post(update, good.formatted(",\"epoch\":" + replication.lease().epoch()))
                .is(200);
        assertThat(client.post(update, good.formatted(",\"epoch\":0")).is(422).body())
                .contains("epoch");
        replication.jobs().end(replication.lease(), JobStatus.STOPPED, Optional.empty(), Optional.empty());
        assertThat(client.post(update, good.formatted("")).is(422).body()).contains("is stopped");
    }
}
