package io.migratekit.shell.vma;

import io.migratekit.job.report.DiskStatus;
import io.migratekit.job.report.Stage;
import io.migratekit.job.report.Worded;
import io.migratekit.job.report.WorkerReport;
import io.migratekit.job.report.WorkerReport.Bytes;
import io.migratekit.job.report.WorkerReport.Trouble;
import io.migratekit.job.report.WorkerStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers how far replications are, and takes what their workers say of it. */
@RestController
final class ProgressController {
    private static final String PROGRESS = VmaServer.ROOT + "/progress/{jobId}";
    private static final Set<String> DISK_FIELDS = Set.of("id", "status", "bytes_transferred", "total_bytes");
    private static final Set<String> FIELDS = Set.of(
            "job_id",
            "epoch",
            "status",
            "stage",
            "sync_type",
            "percentage",
            "bytes_transferred",
            "total_bytes",
            "transfer_speed_bps",
            "eta_seconds",
            "error_classification",
            "error_details",
            "disks");

    private final ProgressView view;

    ProgressController(ProgressView view) {
        this.view = view;
    }

    @GetMapping(PROGRESS)
    Map<String, @Nullable Object> progress(@PathVariable("jobId") String jobId) {
        return view.of(jobId);
    }

    @PostMapping(PROGRESS + "/update")
    Map<String, @Nullable Object> update(
            @PathVariable("jobId") String jobId, @RequestBody(required = false) @Nullable Map<String, Object> body) {
        Fields fields = Fields.of(body, FIELDS);
        fields.text("job_id").filter(other -> !other.equals(jobId)).ifPresent(other -> {
            throw new IllegalArgumentException(
                    "the field 'job_id' is '%s' and the address is of '%s'".formatted(other, jobId));
        });
        view.enter(jobId, fields.whole("epoch"), report(fields));
        return view.of(jobId);
    }

    private static WorkerReport report(Fields fields) {
        return new WorkerReport(
                Worded.of(WorkerStatus.class, "the field 'status'", fields.required("status")),
                Worded.of(Stage.class, "the field 'stage'", fields.required("stage")),
                fields.text("sync_type"),
                fields.number("percentage"),
                bytes(fields),
                fields.whole("transfer_speed_bps").orElse(0),
                fields.whole("eta_seconds"),
                trouble(fields),
                fields.objects("disks", DISK_FIELDS).stream()
                        .map(ProgressController::disk)
                        .toList());
    }

    private static WorkerReport.Disk disk(Fields fields) {
        return new WorkerReport.Disk(
                fields.required("id"),
                Worded.of(DiskStatus.class, "the field 'status' of a disk", fields.required("status")),
                bytes(fields));
    }

    private static Bytes bytes(Fields fields) {
        return new Bytes(
                fields.whole("bytes_transferred").orElse(0),
                fields.whole("total_bytes").orElse(0));
    }

    private static Optional<Trouble> trouble(Fields fields) {
        Optional<String> details = fields.text("error_details");
        return details.isEmpty() && fields.text("error_classification").isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        fields.text("error_classification").orElse("system"), details.orElse("no details were given")));
    }
}
