package io.migratekit.shell.vma;

import static io.migratekit.shell.command.Result.object;

import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.joblog.JobStep;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationDisks.DiskCounters;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.report.DiskStatus;
import io.migratekit.job.report.Stage;
import io.migratekit.job.report.WorkerReport;
import io.migratekit.job.report.WorkerReport.Bytes;
import io.migratekit.job.report.WorkerReport.Trouble;
import io.migratekit.job.report.WorkerReports;
import io.migratekit.job.report.WorkerStatus;
import io.migratekit.source.DiskKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a replication is, in the words that its pollers know. How it stands is for the ledger to say alone; how far it
 * is, while it is at work, for its worker if that reported later than the ledger was written.
 */
final class ProgressView {
    /** A time that is longer than this is worth nothing. */
    private static final long REMAINING_SECONDS_MAX = 24 * 60 * 60;

    private static final double MEGABYTE = 1e6;

    private final ReplicationJobs jobs;
    private final ReplicationDisks disks;
    private final JobLog jobLog;
    private final WorkerReports reports;
    private final Predicate<String> processDied;

    /**
     * Makes one.
     *
     * @param processDied tells of a job that is at work by its record whether no living process holds it
     */
    ProgressView(
            ReplicationJobs jobs,
            ReplicationDisks disks,
            JobLog jobLog,
            WorkerReports reports,
            Predicate<String> processDied) {
        this.jobs = jobs;
        this.disks = disks;
        this.jobLog = jobLog;
        this.reports = reports;
        this.processDied = processDied;
    }

    /** Enters what a worker says, as {@link WorkerReports#enter} does. */
    void enter(String jobId, OptionalLong epoch, WorkerReport report) {
        reports.enter(jobId, epoch, report);
    }

    /**
     * Returns how far a replication is.
     *
     * @throws io.migratekit.job.JobException.NoSuch if there is none of that id
     */
    Map<String, @Nullable Object> of(String jobId) {
        ReplicationJob job = jobs.find(jobId).orElseThrow(() -> WorkerReports.noSuch(jobId));
        boolean died = processDied.test(jobId);
        Optional<WorkerReport> reported = job.status().active() && !died
                ? reports.newest(jobId).map(WorkerReports.Entry::report)
                : Optional.empty();
        WorkerReport shown = reported.orElseGet(() -> ledger(job, died));
        // Only the ledger says that a replication succeeded.
        WorkerStatus status = reported.isPresent() && shown.status() == WorkerStatus.SUCCEEDED
                ? WorkerStatus.FINALIZING
                : shown.status();
        return object(
                "job_id", job.id(),
                "vm_name", job.machineName(),
                "status", status.text(),
                "stage", shown.stage().text(),
                "job_status", job.status().text(),
                "process_died", died,
                "reported_by", reported.isPresent() ? "worker" : "ledger",
                "sync_type", shown.syncType().orElse(null),
                "percentage", shown.percent(),
                "bytes_transferred", shown.bytes().transferred(),
                "total_bytes", shown.bytes().total(),
                "transfer_speed_bps", shown.bytesPerSecond(),
                "throughput_mbps", Math.round(shown.bytesPerSecond() / MEGABYTE * 100) / 100.0,
                "eta_seconds",
                        shown.remainingSeconds().isPresent()
                                ? shown.remainingSeconds().getAsLong()
                                : null,
                "error_classification",
                        shown.error().map(Trouble::classification).orElse(null),
                "error_details", shown.error().map(Trouble::details).orElse(null),
                "disks", shown.disks().stream().map(ProgressView::disk).toList(),
                "created_at", job.createdAt().toString(),
                "completed_at", job.completedAt().map(Object::toString).orElse(null));
    }

    private static Map<String, @Nullable Object> disk(WorkerReport.Disk disk) {
        return object(
                "id", disk.id(),
                "status", disk.status().text(),
                "bytes_transferred", disk.bytes().transferred(),
                "total_bytes", disk.bytes().total());
    }

    private WorkerReport ledger(ReplicationJob job, boolean died) {
        List<ReplicationDisk> decided = disks.of(job.id());
        ReplicationJob.Counters counters = job.counters();
        Bytes bytes = new Bytes(
                counters.copiedBytes() + counters.zeroedBytes(),
                counters.plannedBytes() > 0 ? counters.plannedBytes() : counters.totalBytes());
        Stage stage = stage(job);
        WorkerStatus status = died ? WorkerStatus.FAILED : status(job, stage);
        return new WorkerReport(
                status,
                stage,
                syncType(decided),
                Math.min(100, Math.max(0, job.percent())),
                bytes,
                job.status().active() && !died ? counters.bytesPerSecond() : 0,
                job.status().active() && !died ? remaining(job) : OptionalLong.empty(),
                trouble(job, died),
                disks(job, status, decided));
    }

    private static WorkerStatus status(ReplicationJob job, Stage stage) {
        return switch (job.status()) {
            case PENDING -> WorkerStatus.QUEUED;
            case REPLICATING, VERIFYING ->
                switch (stage) {
                    case TRANSFER -> WorkerStatus.STREAMING;
                    case FINALIZE, PERSIST_CHANGE_IDS -> WorkerStatus.FINALIZING;
                    case SNAPSHOT -> WorkerStatus.SNAPSHOTTING;
                    case DISCOVER, ENABLE_CBT, QUERY_CBT, PREPARE_VOLUMES, START_EXPORTS -> WorkerStatus.PREPARING;
                };
            case COMPLETED -> WorkerStatus.SUCCEEDED;
            case STOPPED, FAILED, INTERRUPTED, DIFFERENT, SUPERSEDED -> WorkerStatus.FAILED;
        };
    }

    /** The step that a replication is at, or ended at, by what a poller calls it. */
    private Stage stage(ReplicationJob job) {
        return switch (job.operation().or(() -> lastStep(job)).orElse("")) {
            case "prepare" -> Stage.SNAPSHOT;
            case "plan" -> Stage.QUERY_CBT;
            case "copy" -> Stage.TRANSFER;
            case "promote" -> Stage.PERSIST_CHANGE_IDS;
            case "release" -> Stage.FINALIZE;
            default -> Stage.DISCOVER;
        };
    }

    private Optional<String> lastStep(ReplicationJob job) {
        List<JobStep> steps = jobLog.steps(job.id());
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(steps.get(steps.size() - 1).name());
    }

    private static Optional<String> syncType(List<ReplicationDisk> disks) {
        return disks.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        disks.stream().allMatch(disk -> disk.mode() == Mode.INCREMENTAL) ? "incremental" : "full");
    }

    private static OptionalLong remaining(ReplicationJob job) {
        long planned = job.counters().plannedBytes();
        long speed = job.counters().bytesPerSecond();
        return speed <= 0 || planned <= 0
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.min(REMAINING_SECONDS_MAX, (long) (planned * (1 - job.percent() / 100) / speed)));
    }

    private static Optional<Trouble> trouble(ReplicationJob job, boolean died) {
        return died
                ? Optional.of(new Trouble("job_lost", "the process that ran it died; 'job recover', then restart it"))
                : job.error().map(text -> new Trouble(job.errorKind().orElse("system"), text));
    }

    private List<WorkerReport.Disk> disks(ReplicationJob job, WorkerStatus status, List<ReplicationDisk> decided) {
        Map<DiskKey, DiskCounters> counters =
                disks.counters(job.id()).stream().collect(Collectors.toMap(DiskCounters::key, Function.identity()));
        return decided.stream()
                .map(disk -> new WorkerReport.Disk(
                        "disk-" + disk.key().text(),
                        status(status, disk),
                        new Bytes(
                                Optional.ofNullable(counters.get(disk.key()))
                                        .map(count -> count.copiedBytes() + count.zeroedBytes())
                                        .orElse(0L),
                                disk.dataBytes())))
                .toList();
    }

    private static DiskStatus status(WorkerStatus job, ReplicationDisk disk) {
        if (disk.state() == ReplicationDisk.State.PROMOTED) {
            return DiskStatus.COMPLETED;
        }
        return switch (job) {
            case FAILED -> DiskStatus.FAILED;
            case STREAMING, FINALIZING, SUCCEEDED -> DiskStatus.STREAMING;
            case SNAPSHOTTING -> DiskStatus.SNAPSHOTTING;
            case QUEUED, PREPARING -> DiskStatus.QUEUED;
        };
    }
}
