package io.migratekit.shell;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import ch.qos.logback.core.status.StatusManager;
import io.migratekit.shell.home.Home;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * Says once that the log cannot be written, as on a full disk. Logback's own way is a stack trace per line that is lost,
 * in the middle of what a person reads.
 */
final class LogTrouble implements StatusListener {
    private final AtomicBoolean said = new AtomicBoolean();

    private LogTrouble() {}

    /** Takes the place of the listeners that Spring Boot installed. */
    static void sayInOneLine() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            StatusManager manager = context.getStatusManager();
            manager.getCopyOfStatusListenerList().forEach(manager::remove);
            manager.add(new LogTrouble());
        }
    }

    @Override
    public void addStatusEvent(Status status) {
        if (status.getLevel() >= Status.ERROR && said.compareAndSet(false, true)) {
            Throwable cause = status.getThrowable();
            System.err.printf(
                    "warning: the log %s cannot be written (%s); going on without it%n",
                    Home.fromEnvironment().log(), cause == null ? status.getMessage() : cause.getMessage());
        }
    }
}
