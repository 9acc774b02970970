package io.migratekit.config.account;

import io.migratekit.config.account.AccountException.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Accounts in a table of their own: each has a name that a person gave it, and one of them is marked as the one to take
 * where none is named. Safe for many threads and processes.
 *
 * @param <T> an account without its secrets
 */
abstract sealed class NamedAccounts<T> permits OsseaConfigs, VmwareCredentials {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Table table;
    private final Reading<T> reading;

    NamedAccounts(JdbcClient sql, TransactionTemplate transaction, Table table, Reading<T> reading) {
        this.sql = sql;
        this.transaction = transaction;
        this.table = table;
        this.reading = reading;
    }

    /** Makes something of a row. */
    @FunctionalInterface
    interface Reading<R> {
        R read(ResultSet row) throws SQLException;
    }

    /**
     * The table, and what people are told of it.
     *
     * @param name of the table
     * @param nameColumn which has the names
     * @param markColumn which marks one row
     * @param missing what to say of a name that is not there, with a place for the name
     * @param taken what to say of a name that is, with a place for the name
     * @param manyMarked what to say where several are marked, with a place for their names
     */
    record Table(String name, String nameColumn, String markColumn, String missing, String taken, String manyMarked) {}

    /** Returns all, by name. */
    public final List<T> list() {
        return sql.sql("SELECT * FROM %s ORDER BY %s".formatted(table.name(), table.nameColumn()))
                .query((row, number) -> reading.read(row))
                .list();
    }

    /** Returns the one with that name. */
    public final Optional<T> find(String name) {
        return read(name, reading);
    }

    /**
     * Returns the one with that name.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public final T show(String name) {
        return find(name).orElseThrow(() -> noSuch(name));
    }

    /**
     * Reads more of a row than an account shows, such as a secret.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none of that name
     */
    final <R> R open(String name, Reading<R> more) {
        return read(name, more).orElseThrow(() -> noSuch(name));
    }

    /**
     * Sees to it that a name is free, before a person is asked for a secret.
     *
     * @throws AccountException of kind EXISTS if it is taken
     * @throws IllegalArgumentException if it is none
     */
    public final void requireFree(String name) {
        if (find(AccountName.checked(name)).isPresent()) {
            throw exists(name, null);
        }
    }

    /**
     * Returns the one that is marked.
     *
     * @param marked whether an account is
     * @throws AccountException of kind NEEDS_DECISION if several are, which only somebody else can have done
     */
    final Optional<T> marked(Predicate<T> marked) {
        List<T> found = list().stream().filter(marked).toList();
        if (found.size() > 1) {
            String names = String.join(
                    ", ",
                    sql.sql("SELECT %1$s FROM %2$s WHERE %3$s = 1 ORDER BY %1$s"
                                    .formatted(table.nameColumn(), table.name(), table.markColumn()))
                            .query(String.class)
                            .list());
            throw new AccountException(Kind.NEEDS_DECISION, table.manyMarked().formatted(names));
        }
        return found.stream().findFirst();
    }

    /**
     * Makes this the one to take where none is named, and no other.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public final T use(String name) {
        transaction.executeWithoutResult(status -> {
            show(name);
            sql.sql("UPDATE %s SET %s = CASE WHEN %s = ? THEN 1 ELSE 0 END"
                            .formatted(table.name(), table.markColumn(), table.nameColumn()))
                    .param(name)
                    .update();
        });
        return show(name);
    }

    /**
     * Forgets one and its secrets.
     *
     * @param check throws if it must not be forgotten
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    final void remove(String name, Runnable check) {
        transaction.executeWithoutResult(status -> {
            show(name);
            check.run();
            sql.sql("DELETE FROM %s WHERE %s = ?".formatted(table.name(), table.nameColumn()))
                    .param(name)
                    .update();
        });
    }

    /** Returns what to throw where a name is taken, as a database says that was asked at the same moment. */
    final AccountException exists(String name, @Nullable Throwable cause) {
        return new AccountException(Kind.EXISTS, table.taken().formatted(name), cause);
    }

    private <R> Optional<R> read(String name, Reading<R> what) {
        return sql.sql("SELECT * FROM %s WHERE %s = ?".formatted(table.name(), table.nameColumn()))
                .param(name)
                .query((row, number) -> what.read(row))
                .optional();
    }

    private AccountException noSuch(String name) {
        return new AccountException(Kind.NO_SUCH_THING, table.missing().formatted(name));
    }
}
