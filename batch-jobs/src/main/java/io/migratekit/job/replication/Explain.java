package io.migratekit.job.replication;

import io.migratekit.config.vault.VaultException;
import io.migratekit.job.JobException;
import io.migratekit.nbd.NbdException;
import io.migratekit.source.SourceException;
import io.migratekit.target.CopyException;
import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.transaction.TransactionException;

/** Turns what ended a run of a job into the failure that people see. */
public final class Explain {
    private Explain() {}

    /** Returns the failure that fits. */
    public static JobException of(Throwable failure) {
        return of(failure, UnaryOperator.identity());
    }

    /** Does the same, putting other names into what peers said. */
    static JobException of(Throwable failure, UnaryOperator<String> named) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JobException known) {
                return known;
            }
            if (cause instanceof SourceException.NotFound) {
                return new JobException.NoSuch(named.apply(message(cause)));
            }
            if (cause instanceof CopyException.Refused || cause instanceof NbdException.Refused) {
                return JobException.Refused.unfit(named.apply(message(cause)), cause);
            }
            if (cause instanceof VolumeException refused) {
                return of(refused);
            }
            if (isDatabase(cause)) {
                return new JobException.Failed(
                        "%s: %s. Run 'doctor', then restart the job"
                                .formatted(
                                        answers(cause)
                                                ? "the database did not do what was asked of it"
                                                : "the database does not answer",
                                        named.apply(databaseMessage(cause))),
                        cause);
            }
            if (cause instanceof CopyException || cause instanceof NbdException || cause instanceof SourceException) {
                return new JobException.Failed(named.apply(message(cause)), cause);
            }
        }
        return new JobException.Failed(named.apply(message(root(failure))), failure);
    }

    /** Returns the failure of a job that fits what the volume daemon said. */
    public static JobException of(VolumeException failure) {
        return switch (failure.kind()) {
            case NO_SUCH_THING -> new JobException.NoSuch(failure.getMessage());
            case REFUSED, NO_ROOM -> JobException.Refused.unfit(failure.getMessage(), failure);
            case BUSY, UNAVAILABLE, FAILED -> new JobException.Failed(failure.getMessage(), failure);
        };
    }

    /** Tells whether {@code failure} came from the database. */
    public static boolean isDatabase(Throwable failure) {
        return failure instanceof DataAccessException
                || failure instanceof TransactionException
                || failure instanceof SQLException;
    }

    /** Tells whether the database has answered, although with a refusal. */
    private static boolean answers(Throwable failure) {
        return failure instanceof DataIntegrityViolationException
                || failure instanceof ConcurrencyFailureException
                || failure instanceof InvalidDataAccessResourceUsageException
                || failure instanceof PermissionDeniedDataAccessException
                || failure instanceof IncorrectResultSizeDataAccessException;
    }

    /** Frameworks wrap what the database said in the statement, which says nothing to a person. */
    public static String databaseMessage(Throwable failure) {
        return firstLine(root(failure));
    }

    private static String firstLine(Throwable failure) {
        return message(failure).lines().findFirst().orElse("");
    }

    /** Returns what a person should read of a failure. */
    public static String message(Throwable failure) {
        String text = failure.getMessage();
        if (failure instanceof java.nio.file.NoSuchFileException) {
            return "file " + text + " does not exist";
        }
        boolean selfExplaining = failure instanceof JobException
                || failure instanceof VolumeException
                || failure instanceof VaultException
                || failure instanceof IOException
                || failure instanceof SQLException;
        if (text == null || text.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return selfExplaining ? text : failure.getClass().getSimpleName() + ": " + text;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }
}
