package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Operations: what was asked, with which key, and how it ended. Writing methods are to be called within {@link
 * JournalWrites}. The steps of operations are in {@link StepJournal}.
 */
public final class OperationJournal {
    private static final String SELECT = "SELECT * FROM volume_operations ";

    private final JdbcClient sql;
    private final Clock clock;
    private final JsonMapper json;
    private final OperationRows rows;

    public OperationJournal(JdbcClient sql, Clock clock, JsonMapper json, StepJournal steps, ExportLedger exports) {
        this.sql = sql;
        this.clock = clock;
        this.json = json;
        this.rows = new OperationRows(sql, json, steps, exports);
    }

    /**
     * Stores a new operation as pending.
     *
     * @param volumes those that it works on, as far as they are known
     * @param set the snapshot set that it works on
     * @throws org.springframework.dao.DuplicateKeyException if the key is taken
     */
    public void add(
            OperationId id, String key, VolumeRequest request, List<VolumeId> volumes, Optional<SnapshotSetId> set) {
        String now = SqlTime.text(clock.instant());
        sql.sql("INSERT INTO volume_operations (id, idempotency_key, type, status, vm_id, snapshot_set_id, request,"
                        + " created_at, updated_at) VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?)")
                .params(id.text(), key, request.type())
                .param(vmOf(request))
                .param(set.map(SnapshotSetId::text).orElse(null))
                .params(json.writeValueAsString(request), now, now)
                .update();
        volumes.forEach(volume -> touches(id, volume));
    }

    /** Takes note that an operation works on a volume; may be repeated. */
    public void touches(OperationId id, VolumeId volume) {
        boolean known =
                sql.sql("SELECT COUNT(*) FROM volume_operation_volumes WHERE operation_id = ? AND volume_id = ?")
                                .params(id.text(), volume.text())
                                .query(Long.class)
                                .single()
                        > 0;
        if (!known) {
            sql.sql("INSERT INTO volume_operation_volumes (operation_id, volume_id) VALUES (?, ?)")
                    .params(id.text(), volume.text())
                    .update();
            sql.sql("UPDATE volume_operations SET volume_id = COALESCE(volume_id, ?) WHERE id = ?")
                    .params(volume.text(), id.text())
                    .update();
        }
    }

    /** Takes note of the volumes that an operation works on, in place of those that were known before. */
    public void volumes(OperationId id, List<VolumeId> volumes) {
        sql.sql("DELETE FROM volume_operation_volumes WHERE operation_id = ?")
                .param(id.text())
                .update();
        sql.sql("UPDATE volume_operations SET volume_id = NULL WHERE id = ?")
                .param(id.text())
                .update();
        volumes.forEach(volume -> touches(id, volume));
    }

    /** Takes note that an operation is at work. */
    public void executing(OperationId id) {
        sql.sql("UPDATE volume_operations SET status = 'executing', updated_at = ? WHERE id = ?")
                .params(SqlTime.text(clock.instant()), id.text())
                .update();
    }

    /** Takes note that an operation has failed, and that what it did is being undone. */
    public void undoing(OperationId id, VolumeException failure) {
        sql.sql("UPDATE volume_operations SET undoing = 1, error_kind = ?, error = ?, updated_at = ? WHERE id = ?")
                .params(kind(failure), failure.getMessage(), SqlTime.text(clock.instant()), id.text())
                .update();
    }

    /** Takes note that all of an operation has happened. */
    public void completed(OperationId id) {
        ended(id, OperationStatus.COMPLETED);
    }

    /**
     * Takes note that an operation ended without what was asked.
     *
     * @param error the final words, which say what is left if anything is
     */
    public void failed(OperationId id, String error) {
        sql.sql("UPDATE volume_operations SET error = ? WHERE id = ?")
                .params(error, id.text())
                .update();
        ended(id, OperationStatus.FAILED);
    }

    /** Returns the error of an operation that is being undone. */
    public Optional<String> undoingSince(OperationId id) {
        return sql.sql("SELECT error FROM volume_operations WHERE id = ? AND undoing = 1")
                .param(id.text())
                .query(String.class)
                .optional();
    }

    /** Returns an operation. */
    public Optional<Operation> find(OperationId id) {
        return rows.read(SELECT + "WHERE id = ?", List.of(id.text())).stream().findFirst();
    }

    /** Returns the operation with that key. */
    public Optional<Operation> keyed(String key) {
        return rows.read(SELECT + "WHERE idempotency_key = ?", List.of(key)).stream()
                .findFirst();
    }

    /** Returns operations that have not ended, in the order in which they were accepted. */
    public List<Operation> unfinished() {
        return rows.read(SELECT + "WHERE status IN ('pending', 'executing') ORDER BY seq", List.of());
    }

    /** Returns operations, newest first. */
    public List<Operation> list(OperationFilter filter) {
        String volume = filter.volume().map(VolumeId::text).orElse("");
        String status = filter.status().map(OperationJournal::text).orElse("");
        return rows.read(
                SELECT
                        + "WHERE (? = '' OR id IN (SELECT operation_id FROM volume_operation_volumes WHERE volume_id = ?))"
                        + " AND (? = '' OR status = ?) ORDER BY seq DESC LIMIT ?",
                List.of(volume, volume, status, status, filter.countMax()));
    }

    /**
     * Returns the operations on a volume that may have changed its content past its exports, newest first: reverts,
     * deletions, and attachments to others than one VM.
     */
    public List<Operation> changing(VolumeId volume, String exceptVm) {
        return rows.read(
                SELECT
                        + "WHERE type IN ('revert', 'delete', 'attach', 'attach-root') AND (vm_id IS NULL OR vm_id <> ?)"
                        + " AND id IN (SELECT operation_id FROM volume_operation_volumes WHERE volume_id = ?)"
                        + " ORDER BY seq DESC",
                List.of(exceptVm, volume.text()));
    }

    /** Returns how many operations there are, by status. */
    public long count(OperationStatus status) {
        return sql.sql("SELECT COUNT(*) FROM volume_operations WHERE status = ?")
                .param(text(status))
                .query(Long.class)
                .single();
    }

    private void ended(OperationId id, OperationStatus status) {
        String now = SqlTime.text(clock.instant());
        sql.sql("UPDATE volume_operations SET status = ?, updated_at = ?, completed_at = ? WHERE id = ?")
                .params(text(status), now, now, id.text())
                .update();
    }

    private static @Nullable String vmOf(VolumeRequest request) {
        return request instanceof VolumeRequest.Attach attach ? attach.vmId() : null;
    }

    private static String kind(VolumeException failure) {
        return failure.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String text(OperationStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
