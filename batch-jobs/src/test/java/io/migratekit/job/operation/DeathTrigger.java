package io.migratekit.job.operation;

import java.sql.Connection;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process without warning in the midst of a change to its database; only a process that was told so dies. Public
 * since the database makes it.
 */
public final class DeathTrigger implements Trigger {
    /** System property: the table whose change is deadly. */
    static final String TABLE = "deadlyTable";

    /** System property: which changed row, from 1, is the last that the process sees. */
    static final String ROW = "deadlyRow";

    private String table = "";
    private int rows;

    @Override
    public void init(Connection connection, String schema, String name, String tableName, boolean before, int type) {
        table = tableName;
    }

    @Override
    public void fire(Connection connection, Object @Nullable [] oldRow, Object @Nullable [] newRow) {
        if (table.equalsIgnoreCase(System.getProperty(TABLE)) && ++rows >= Integer.getInteger(ROW, 1)) {
            Runtime.getRuntime().halt(ReplicationInChild.DEAD);
        }
    }
}
