package io.migratekit.job.operation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Lets the database refuse to store the cursor of a range. */
public final class CommitTrigger implements Trigger {
    private static final AtomicInteger REFUSALS = new AtomicInteger();
    private static volatile @Nullable Object victim;

    /** Refuses the next cursor this often; only that step suffers. */
    static void refuse(int times) {
        victim = null;
        REFUSALS.set(times);
    }

    /** Returns how many refusals are left. */
    static int left() {
        return REFUSALS.get();
    }

    /** Returns what puts it into a database. */
    static String statement() {
        return "CREATE TRIGGER commit_refused AFTER UPDATE ON BATCH_STEP_EXECUTION_CONTEXT FOR EACH ROW CALL '%s'"
                .formatted(CommitTrigger.class.getName());
    }

    private static synchronized boolean isVictim(Object step) {
        if (victim == null) {
            victim = step;
        }
        return step.equals(victim);
    }

    @Override
    public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] after) throws SQLException {
        if (REFUSALS.get() <= 0 || after == null) {
            return;
        }
        if (isVictim(after[0]) && REFUSALS.getAndDecrement() > 0) {
            throw new SQLException("the statement was rolled back as the victim of a deadlock", "40001");
        }
    }
}
