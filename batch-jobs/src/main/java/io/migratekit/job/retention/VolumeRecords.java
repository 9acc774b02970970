package io.migratekit.job.retention;

import io.migratekit.config.Jobs;
import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What each night leaves behind of volumes: exports that have ended, and the operations that made and ended them. The
 * volume daemon writes neither any more. A volume's newest export stays, so that no epoch comes twice, and so do all
 * other operations: reverts and attachments tell that a volume no longer holds its restore point.
 */
final class VolumeRecords {
    private static final int ROWS_PER_BATCH = 200;

    private static final String EXPORTS = "SELECT e.id FROM nbd_exports e WHERE e.status = 'ended' AND e.updated_at < ?"
            + " AND EXISTS (SELECT 1 FROM nbd_exports y WHERE y.volume_id = e.volume_id AND y.epoch > e.epoch)"
            + " ORDER BY e.id LIMIT ?";

    private static final String OPERATIONS =
            "SELECT o.id FROM volume_operations o WHERE o.type IN ('export', 'unexport')"
                    + " AND o.status IN ('completed', 'failed') AND o.updated_at < ?"
                    + " AND NOT EXISTS (SELECT 1 FROM nbd_exports e WHERE e.operation_id = o.id)"
                    + " ORDER BY o.seq LIMIT ?";

    private final JdbcClient sql;
    private final Clock clock;
    private final Jobs settings;

    VolumeRecords(JdbcClient sql, Clock clock, Jobs settings) {
        this.sql = sql;
        this.clock = clock;
        this.settings = settings;
    }

    boolean deleteExports() {
        List<Long> old = sql.sql(EXPORTS)
                .params(before(), ROWS_PER_BATCH)
                .query(Long.class)
                .list();
        return delete("nbd_exports", old);
    }

    /** With their steps. Those whose export is still in the ledger stay with it. */
    boolean deleteOperations() {
        List<String> old = sql.sql(OPERATIONS)
                .params(before(), ROWS_PER_BATCH)
                .query(String.class)
                .list();
        return delete("volume_operations", old);
    }

    private boolean delete(String table, List<?> ids) {
        if (!ids.isEmpty()) {
            sql.sql("DELETE FROM " + table + " WHERE id IN (:ids)")
                    .param("ids", ids)
                    .update();
        }
        return ids.size() == ROWS_PER_BATCH;
    }

    private String before() {
        return SqlTime.text(clock.instant().minus(settings.keep()));
    }
}
