package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which pool a back end keeps its volumes in. Writing methods are to be called within {@link JournalWrites}. */
public final class PoolLedger {
    private final JdbcClient sql;
    private final Clock clock;

    public PoolLedger(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Returns the id of a back end's pool, if it has had one. */
    public Optional<String> poolOf(String backend) {
        return sql.sql("SELECT pool_id FROM volume_pools WHERE backend = ?")
                .param(backend)
                .query(String.class)
                .optional();
    }

    /** Takes note of the pool that a back end uses from now on. */
    public void use(String backend, String poolId) {
        sql.sql("DELETE FROM volume_pools WHERE backend = ?").param(backend).update();
        sql.sql("INSERT INTO volume_pools (backend, pool_id, updated_at) VALUES (?, ?, ?)")
                .params(backend, poolId, SqlTime.text(clock.instant()))
                .update();
    }
}
