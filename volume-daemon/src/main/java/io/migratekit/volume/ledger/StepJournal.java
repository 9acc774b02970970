package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.Operation.Step;
import io.migratekit.volume.OperationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The steps of operations: each is written here before it begins, and again when it has taken effect. Writing methods are
 * to be called within {@link JournalWrites}; each may be repeated.
 */
public final class StepJournal {
    private static final TypeReference<Map<String, String>> MEMORY = new TypeReference<>() {};

    private static final int NAME_CHARACTERS_MAX = 200;
    private static final String CUT = "…";

    private final JdbcClient sql;
    private final Clock clock;
    private final JsonMapper json;

    public StepJournal(JdbcClient sql, Clock clock, JsonMapper json) {
        this.sql = sql;
        this.clock = clock;
        this.json = json;
    }

    /**
     * Takes note that a step begins, unless it has begun.
     *
     * @param name for people; cut at its end where the journal has no room for all of it
     */
    public void started(OperationId operation, int seq, String name) {
        if (state(operation, seq).isPresent()) {
            return;
        }
        sql.sql("INSERT INTO volume_operation_steps (operation_id, seq, name, state, memory, started_at)"
                        + " VALUES (?, ?, ?, 'started', '{}', ?)")
                .params(operation.text(), seq, fitting(name), SqlTime.text(clock.instant()))
                .update();
    }

    private static String fitting(String name) {
        if (name.length() <= NAME_CHARACTERS_MAX) {
            return name;
        }
        int end = NAME_CHARACTERS_MAX - CUT.length();
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    /** Takes note of how a step is. */
    public void state(OperationId operation, int seq, Step.State state) {
        sql.sql("UPDATE volume_operation_steps SET state = ?, completed_at = ? WHERE operation_id = ? AND seq = ?")
                .params(state.name().toLowerCase(Locale.ROOT), SqlTime.text(clock.instant()), operation.text(), seq)
                .update();
    }

    /** Returns how a step is; empty if it has not begun. */
    public Optional<Step.State> state(OperationId operation, int seq) {
        return sql.sql("SELECT state FROM volume_operation_steps WHERE operation_id = ? AND seq = ?")
                .params(operation.text(), seq)
                .query(String.class)
                .optional()
                .map(text -> Step.State.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    /** Returns what a step remembers. */
    public Optional<String> remembered(OperationId operation, int seq, String name) {
        return Optional.ofNullable(memory(operation, seq).get(name));
    }

    /** Lets a step remember something. */
    public void remember(OperationId operation, int seq, String name, String value) {
        Map<String, String> memory = memory(operation, seq);
        memory.put(name, value);
        sql.sql("UPDATE volume_operation_steps SET memory = ? WHERE operation_id = ? AND seq = ?")
                .params(json.writeValueAsString(memory), operation.text(), seq)
                .update();
    }

    /** Returns the steps of an operation that have begun, in order. */
    public List<Step> of(OperationId operation) {
        return sql.sql("SELECT name, state FROM volume_operation_steps WHERE operation_id = ? ORDER BY seq")
                .param(operation.text())
                .query(StepJournal::step)
                .list();
    }

    static Step step(ResultSet row, int number) throws SQLException {
        return new Step(
                row.getString("name"), Step.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)));
    }

    /**
     * Which step of which operation.
     *
     * @param seq from 0
     */
    public record Place(OperationId operation, int seq) {}

    /** Returns the steps, of all operations of some types, that could not be undone. */
    public List<Place> left(Set<String> types) {
        return sql.sql("SELECT s.operation_id, s.seq FROM volume_operation_steps s"
                        + " JOIN volume_operations o ON o.id = s.operation_id"
                        + " WHERE s.state = 'left' AND o.type IN (:types) ORDER BY o.seq, s.seq")
                .param("types", types)
                .query((row, number) -> new Place(new OperationId(row.getString("operation_id")), row.getInt("seq")))
                .list();
    }

    private Map<String, String> memory(OperationId operation, int seq) {
        return sql.sql("SELECT memory FROM volume_operation_steps WHERE operation_id = ? AND seq = ?")
                .params(operation.text(), seq)
                .query(String.class)
                .optional()
                .map(text -> new TreeMap<>(json.readValue(text, MEMORY)))
                .orElseGet(TreeMap::new);
    }
}
