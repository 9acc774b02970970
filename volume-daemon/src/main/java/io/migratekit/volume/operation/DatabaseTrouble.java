package io.migratekit.volume.operation;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.transaction.TransactionException;

/** Tells a database that is away, or overloaded, from statements that it will never accept. */
final class DatabaseTrouble {
    private DatabaseTrouble() {}

    /** Tells whether it may pass, so that the same may be tried again. */
    static boolean passes(RuntimeException failure) {
        return failure instanceof TransactionException
                || (failure instanceof DataAccessException
                        && !(failure instanceof DataIntegrityViolationException)
                        && !(failure instanceof InvalidDataAccessApiUsageException)
                        && !(failure instanceof InvalidDataAccessResourceUsageException));
    }
}
