package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeExport.State;
import io.migratekit.volume.VolumeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Exports and their epochs. The row of a volume's newest export is never deleted, so a name is never used twice. Writing methods are to be called
 * within {@link JournalWrites}; each may be repeated.
 */
public final class ExportLedger {
    private final JdbcClient sql;
    private final Clock clock;

    public ExportLedger(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Returns exports that are pending or active, by name. */
    public List<VolumeExport> open() {
        return sql.sql("SELECT * FROM nbd_exports WHERE status IN ('pending', 'active') ORDER BY export_name")
                .query(ExportLedger::export)
                .list();
    }

    /** Returns the exports of a volume that are pending or active, oldest first. */
    public List<VolumeExport> openOf(VolumeId volume) {
        return sql.sql(
                        "SELECT * FROM nbd_exports WHERE volume_id = ? AND status IN ('pending', 'active') ORDER BY epoch")
                .param(volume.text())
                .query(ExportLedger::export)
                .list();
    }

    /** Returns the export that an operation made. */
    public Optional<VolumeExport> of(OperationId operation) {
        return sql.sql("SELECT * FROM nbd_exports WHERE operation_id = ?")
                .param(operation.text())
                .query(ExportLedger::export)
                .optional();
    }

    /** Takes the next epoch of a volume for an operation, unless the operation has one. */
    public void takeEpoch(VolumeId volume, Optional<String> context, boolean readOnly, OperationId operation) {
        if (of(operation).isPresent()) {
            return;
        }
        long last = sql.sql("SELECT COALESCE(MAX(epoch), 0) FROM nbd_exports WHERE volume_id = ?")
                .param(volume.text())
                .query(Long.class)
                .single();
        ExportName name = new ExportName(volume, last + 1);
        String now = SqlTime.text(clock.instant());
        sql.sql(
                        "INSERT INTO nbd_exports (volume_id, vm_context_id, epoch, export_name, read_only, status, operation_id,"
                                + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?)")
                .param(volume.text())
                .param(context.orElse(null))
                .params(name.epoch(), name.toString(), readOnly ? 1 : 0)
                .params(operation.text(), now, now)
                .update();
    }

    /** Takes note that an export is served. */
    public void active(ExportName name, String engine, String uri) {
        sql.sql("UPDATE nbd_exports SET status = 'active', engine = ?, uri = ?, updated_at = ? WHERE export_name = ?")
                .params(engine, uri, SqlTime.text(clock.instant()), name.toString())
                .update();
    }

    /** Takes note that nothing can be written through an export any more. */
    public void ended(ExportName name) {
        sql.sql("UPDATE nbd_exports SET status = 'ended', uri = NULL, updated_at = ? WHERE export_name = ?")
                .params(SqlTime.text(clock.instant()), name.toString())
                .update();
    }

    static VolumeExport export(ResultSet row, int number) throws SQLException {
        return new VolumeExport(
                ExportName.parse(row.getString("export_name")),
                State.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getBoolean("read_only"),
                Optional.ofNullable(row.getString("uri")));
    }
}
