package io.migratekit.job.operation;

import java.sql.Connection;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Does something while a restore point is being made, in the transaction that makes it. */
public final class PromotionTrigger implements Trigger {
    private static volatile Runnable action = () -> {};

    /** Lets it do something from now on in the databases of this JVM that have it. */
    static void set(Runnable now) {
        action = now;
    }

    /** Returns what puts it into a database. */
    static String statement() {
        return "CREATE TRIGGER promotion_action AFTER INSERT ON restore_points FOR EACH ROW CALL '%s'"
                .formatted(PromotionTrigger.class.getName());
    }

    @Override
    public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] after) {
        action.run();
    }
}
