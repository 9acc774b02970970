package io.migratekit.config.vault;

import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The secrets in the database, and which key they are sealed under. For use within transactions. */
final class SealedRows {
    private final JdbcClient sql;
    private final Clock clock;

    SealedRows(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** One secret in its row. */
    private record Row(long id, SecretOwner owner, String sealed) {}

    /**
     * Keeps all others from sealing until the transaction ends.
     *
     * @return id of the key that all secrets are sealed under; empty if there never was one
     */
    String lock() {
        return sql.sql("SELECT key_id FROM vault WHERE id = 1 FOR UPDATE")
                .query(String.class)
                .single();
    }

    void sealedUnder(VaultKey key) {
        sql.sql("UPDATE vault SET key_id = ?, updated_at = ? WHERE id = 1")
                .params(key.id(), SqlTime.text(clock.instant()))
                .update();
    }

    boolean isEmpty() {
        return Arrays.stream(SealedColumn.values())
                .allMatch(column -> rows(column).isEmpty());
    }

    /** Puts another sealed form in the place of each; returns how many there are. */
    int replaceAll(BiFunction<SecretOwner, SealedSecret, SealedSecret> replacement) {
        int count = 0;
        for (SealedColumn column : SealedColumn.values()) {
            for (Row row : rows(column)) {
                SealedSecret next = replacement.apply(row.owner(), parse(row.owner(), row.sealed()));
                sql.sql("UPDATE %s SET %s = ? WHERE id = ?".formatted(column.table(), column.column()))
                        .params(next.text(), row.id())
                        .update();
                count++;
            }
        }
        return count;
    }

    /** Reads each as it lies there; locks none. */
    <T> List<T> all(BiFunction<SecretOwner, String, T> reading) {
        return Arrays.stream(SealedColumn.values())
                .flatMap(column -> rows(column, "").stream())
                .map(row -> reading.apply(row.owner(), row.sealed()))
                .toList();
    }

    static SealedSecret parse(SecretOwner owner, String text) {
        try {
            return new SealedSecret(text);
        } catch (IllegalArgumentException e) {
            throw new VaultException(VaultException.Kind.DAMAGED, "%s is %s".formatted(owner, e.getMessage()), e);
        }
    }

    private List<Row> rows(SealedColumn column) {
        return rows(column, " FOR UPDATE");
    }

    private List<Row> rows(SealedColumn column, String lock) {
        return new ArrayList<>(sql.sql("SELECT id, %s, %s, %s FROM %s ORDER BY id"
                                .formatted(
                                        column.nameColumn(), column.endpointColumn(), column.column(), column.table())
                        + lock)
                .query((row, number) -> new Row(
                        row.getLong(1), new SecretOwner(column, row.getString(2), row.getString(3)), row.getString(4)))
                .list());
    }
}
