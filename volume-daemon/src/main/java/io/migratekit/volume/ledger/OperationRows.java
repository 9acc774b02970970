package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads operations from their rows, one query after the other: whoever asks while rows are mapped needs a second
 * connection, and many that do so at once wait for each other until the pool gives up.
 */
final class OperationRows {
    /** Databases limit how many parameters a statement has. */
    private static final int IDS_MAX = 500;

    private final JdbcClient sql;
    private final JsonMapper json;

    OperationRows(JdbcClient sql, JsonMapper json) {
        this.sql = sql;
        this.json = json;
    }

    List<Operation> read(String query, List<?> parameters) {
        List<Row> rows = sql.sql(query).params(parameters).query(Row::of).list();
        List<Operation> operations = new ArrayList<>(rows.size());
        for (int from = 0; from < rows.size(); from += IDS_MAX) {
            List<Row> some = rows.subList(from, Math.min(rows.size(), from + IDS_MAX));
            Parts parts = parts(some.stream().map(row -> row.id().text()).toList());
            some.forEach(row -> operations.add(operation(row, parts)));
        }
        return operations;
    }

    private record Row(
            OperationId id,
            String key,
            String request,
            OperationStatus status,
            Optional<SnapshotSetId> set,
            VolumeException.@Nullable Kind kind,
            Optional<String> error,
            Instant createdAt,
            Optional<Instant> completedAt) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    new OperationId(row.getString("id")),
                    row.getString("idempotency_key"),
                    row.getString("request"),
                    OperationStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                    Optional.ofNullable(row.getString("snapshot_set_id")).map(SnapshotSetId::new),
                    kindOf(row.getString("error_kind")),
                    Optional.ofNullable(row.getString("error")),
                    SqlTime.instant(row, "created_at"),
                    SqlTime.optionalInstant(row, "completed_at"));
        }
    }

    /** What other tables have of some operations, by operation id, in order. */
    private record Parts(
            Map<String, List<VolumeId>> volumes,
            Map<String, List<VolumeExport>> exports,
            Map<String, List<Operation.Step>> steps) {}

    private Parts parts(List<String> ids) {
        return new Parts(
                grouped(
                        "SELECT operation_id, volume_id FROM volume_operation_volumes WHERE operation_id IN (:ids)"
                                + " ORDER BY volume_id",
                        ids,
                        (row, number) -> new VolumeId(row.getString("volume_id"))),
                grouped("SELECT * FROM nbd_exports WHERE operation_id IN (:ids)", ids, ExportLedger::export),
                grouped(
                        "SELECT operation_id, name, state FROM volume_operation_steps WHERE operation_id IN (:ids)"
                                + " ORDER BY seq",
                        ids,
                        StepJournal::step));
    }

    private <T> Map<String, List<T>> grouped(String query, List<String> ids, RowMapper<T> mapper) {
        Map<String, List<T>> grouped = new HashMap<>();
        sql.sql(query).param("ids", ids).query((ResultSet row) -> {
            T part = mapper.mapRow(row, row.getRow());
            grouped.computeIfAbsent(row.getString("operation_id"), id -> new ArrayList<>())
                    .add(part);
        });
        return grouped;
    }

    private Operation operation(Row row, Parts parts) {
        String id = row.id().text();
        return new Operation(
                row.id(),
                row.key(),
                json.readValue(row.request(), VolumeRequest.class),
                row.status(),
                parts.volumes().getOrDefault(id, List.of()),
                row.set(),
                parts.exports().getOrDefault(id, List.of()).stream().findFirst(),
                parts.steps().getOrDefault(id, List.of()),
                row.kind(),
                row.error(),
                row.createdAt(),
                row.completedAt());
    }

    private static VolumeException.@Nullable Kind kindOf(@Nullable String text) {
        return text == null ? null : VolumeException.Kind.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
