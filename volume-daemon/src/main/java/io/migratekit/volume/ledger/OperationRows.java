package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Reads operations from their rows. */
final class OperationRows {
    private final JdbcClient sql;
    private final JsonMapper json;
    private final StepJournal steps;
    private final ExportLedger exports;

    OperationRows(JdbcClient sql, JsonMapper json, StepJournal steps, ExportLedger exports) {
        this.sql = sql;
        this.json = json;
        this.steps = steps;
        this.exports = exports;
    }

    List<Operation> read(String query, List<?> parameters) {
        return sql.sql(query).params(parameters).query(this::operation).list();
    }

    private Operation operation(ResultSet row, int number) throws SQLException {
        OperationId id = new OperationId(row.getString("id"));
        return new Operation(
                id,
                row.getString("idempotency_key"),
                json.readValue(row.getString("request"), VolumeRequest.class),
                OperationStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                volumes(id),
                Optional.ofNullable(row.getString("snapshot_set_id")).map(SnapshotSetId::new),
                exports.of(id),
                steps.of(id),
                kind(row.getString("error_kind")),
                Optional.ofNullable(row.getString("error")),
                SqlTime.instant(row, "created_at"),
                SqlTime.optionalInstant(row, "completed_at"));
    }

    private List<VolumeId> volumes(OperationId id) {
        return sql
                .sql("SELECT volume_id FROM volume_operation_volumes WHERE operation_id = ? ORDER BY volume_id")
                .param(id.text())
                .query(String.class)
                .list()
                .stream()
                .map(VolumeId::new)
                .toList();
    }

    private static VolumeException.@Nullable Kind kind(@Nullable String text) {
        return text == null ? null : VolumeException.Kind.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
