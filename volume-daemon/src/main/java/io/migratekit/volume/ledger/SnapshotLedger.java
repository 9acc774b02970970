package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSet.State;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Snapshot sets. Writing methods are to be called within {@link JournalWrites}; each may be repeated.
 */
public final class SnapshotLedger {
    private final JdbcClient sql;
    private final Clock clock;

    public SnapshotLedger(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Returns a set. */
    public Optional<SnapshotSet> find(SnapshotSetId id) {
        return sets("WHERE s.id = ?", id.text()).stream().findFirst();
    }

    /** Returns the sets of a VM, oldest first. */
    public List<SnapshotSet> of(String context) {
        return sets("WHERE s.vm_context_id = ?", context);
    }

    /** Returns all sets, oldest first. */
    public List<SnapshotSet> all() {
        return sets("WHERE s.seq > ?", 0);
    }

    /** Returns the sets that a volume is in, oldest first. */
    public List<SnapshotSet> with(VolumeId volume) {
        return sets("WHERE s.id IN (SELECT set_id FROM volume_snapshots WHERE volume_id = ?)", volume.text());
    }

    /** Adds a set that is being made, unless it is there. */
    public void begin(SnapshotSetId id, String context, List<VolumeId> volumes) {
        if (find(id).isPresent()) {
            return;
        }
        String now = SqlTime.text(clock.instant());
        sql.sql("INSERT INTO volume_snapshot_sets (id, vm_context_id, status, created_at, updated_at)"
                        + " VALUES (?, ?, 'creating', ?, ?)")
                .params(id.text(), context, now, now)
                .update();
        for (VolumeId volume : volumes) {
            sql.sql("INSERT INTO volume_snapshots (set_id, volume_id) VALUES (?, ?)")
                    .params(id.text(), volume.text())
                    .update();
        }
    }

    /** Takes note of how a set is. */
    public void state(SnapshotSetId id, State state) {
        sql.sql("UPDATE volume_snapshot_sets SET status = ?, updated_at = ? WHERE id = ?")
                .params(state.name().toLowerCase(Locale.ROOT), SqlTime.text(clock.instant()), id.text())
                .update();
    }

    /** Forgets a set whose snapshots are gone. */
    public void remove(SnapshotSetId id) {
        sql.sql("DELETE FROM volume_snapshot_sets WHERE id = ?")
                .param(id.text())
                .update();
    }

    private List<SnapshotSet> sets(String where, Object parameter) {
        List<Row> rows = sql.sql("SELECT s.*, v.volume_id FROM volume_snapshot_sets s"
                        + " LEFT JOIN volume_snapshots v ON v.set_id = s.id " + where + " ORDER BY s.seq, v.volume_id")
                .param(parameter)
                .query(Row::of)
                .list();
        List<SnapshotSet> sets = new ArrayList<>();
        for (Row row : rows) {
            int last = sets.size() - 1;
            if (last >= 0 && sets.get(last).id().equals(row.set().id())) {
                sets.set(last, row.addedTo(sets.get(last)));
            } else {
                sets.add(row.addedTo(row.set()));
            }
        }
        return sets;
    }

    private record Row(SnapshotSet set, Optional<VolumeId> volume) {
        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    new SnapshotSet(
                            new SnapshotSetId(row.getString("id")),
                            row.getString("vm_context_id"),
                            State.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                            List.of(),
                            SqlTime.instant(row, "created_at")),
                    Optional.ofNullable(row.getString("volume_id")).map(VolumeId::new));
        }

        SnapshotSet addedTo(SnapshotSet earlier) {
            List<VolumeId> volumes = new ArrayList<>(earlier.volumes());
            volume.ifPresent(volumes::add);
            return new SnapshotSet(earlier.id(), earlier.context(), earlier.state(), volumes, earlier.createdAt());
        }
    }
}
