package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which installation a database belongs to: the ownership tag of its volumes. Made once and never changed. */
public final class Installation {
    private static final int ROW = 1;

    private final JdbcClient sql;
    private final Clock clock;

    public Installation(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Returns the id, a UUID; the first call of all processes makes it. */
    public String id() {
        return stored().orElseGet(this::make);
    }

    private String make() {
        try {
            sql.sql("INSERT INTO installation (id, installation_id, created_at) VALUES (?, ?, ?)")
                    .params(ROW, UUID.randomUUID().toString(), SqlTime.text(clock.instant()))
                    .update();
        } catch (DuplicateKeyException e) {
            return stored().orElseThrow(() -> e); // another process was faster
        }
        return stored().orElseThrow();
    }

    private Optional<String> stored() {
        return sql.sql("SELECT installation_id FROM installation WHERE id = ?")
                .param(ROW)
                .query(String.class)
                .optional();
    }
}
