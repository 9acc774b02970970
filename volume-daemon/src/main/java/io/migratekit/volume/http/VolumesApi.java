package io.migratekit.volume.http;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The API on the wire, for server and client alike. Every request carries {@code Authorization: Bearer} and the token;
 * failures are {@link Problem}s.
 */
@HttpExchange("/api/v1")
interface VolumesApi {

    /**
     * A change that is asked for.
     *
     * @param key the caller's name for it
     * @param request what to do
     */
    record Submission(String key, VolumeRequest request) {}

    /** Returns which daemon answers. */
    @GetExchange("/daemon")
    DaemonIdentity daemon();

    @PostExchange("/operations")
    Operation submit(@RequestBody Submission submission);

    @GetExchange("/operations")
    List<Operation> operations(
            @RequestParam(name = "volume", required = false) Optional<VolumeId> volume,
            @RequestParam(name = "status", required = false) Optional<OperationStatus> status,
            @RequestParam("max") int countMax);

    /** Returns an operation; with a wait, as soon as it has ended or after that many milliseconds. */
    @GetExchange("/operations/{id}")
    Operation operation(@PathVariable("id") OperationId id, @RequestParam("waitMillis") long waitMillis);

    @GetExchange("/volumes")
    List<Volume> volumes(
            @RequestParam(name = "context", required = false) Optional<String> context,
            @RequestParam(name = "device", required = false) Optional<String> devicePath);

    @GetExchange("/volumes/{id}")
    Volume volume(@PathVariable("id") VolumeId id);

    /** Returns the export of a volume, or nothing. */
    @GetExchange("/volumes/{id}/exports")
    List<VolumeExport> exportsOf(@PathVariable("id") VolumeId id);

    @GetExchange("/exports")
    List<VolumeExport> exports();

    @GetExchange("/snapshot-sets")
    List<SnapshotSet> snapshotSets(@RequestParam("context") String context);

    @PostExchange("/reconcile")
    List<Difference> reconcile(@RequestParam("repair") boolean repair);

    @GetExchange("/health")
    DaemonHealth health();
}
