package io.migratekit.job.operation;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.api.Trigger;

/** Does something while a restore point is being made, in the transaction that makes it. */
public final class PromotionTrigger implements Trigger {
    private static final AtomicReference<Runnable> ACTION = new AtomicReference<>(() -> {});

    /** Lets it do something from now on in the databases of this JVM that have it. */
    static void set(Runnable action) {
        ACTION.set(action);
    }

    /** Returns what puts it into a database. */
    static String statement() {
        return "CREATE TRIGGER promotion_action AFTER INSERT ON restore_points FOR EACH ROW CALL '%s'"
                .formatted(PromotionTrigger.class.getName());
    }

    @Override
    public void fire(Connection connection, Object[] before, Object[] after) {
        ACTION.get().run();
    }
}
