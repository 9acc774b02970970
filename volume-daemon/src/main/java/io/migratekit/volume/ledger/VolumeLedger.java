package io.migratekit.volume.ledger;

import io.migratekit.sql.SqlTime;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Volumes and where they are attached. A volume's row is there as long as the volume is. Writing methods are to be called
 * within {@link JournalWrites}; each may be repeated.
 */
public final class VolumeLedger {
    private static final long GIBIBYTE = 1L << 30;
    private static final String SELECT = "SELECT v.*, m.vm_id, m.operation_mode, m.cloudstack_device_id, m.device_path"
            + " FROM ossea_volumes v LEFT JOIN device_mappings m ON m.volume_uuid = v.volume_id ";

    private final JdbcClient sql;
    private final Clock clock;

    public VolumeLedger(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Returns all volumes by name. */
    public List<Volume> all() {
        return sql.sql(SELECT + "ORDER BY v.volume_name")
                .query(VolumeLedger::volume)
                .list();
    }

    /** Returns how many volumes there are. */
    public long count() {
        return sql.sql("SELECT COUNT(*) FROM ossea_volumes").query(Long.class).single();
    }

    /** Returns a volume. */
    public Optional<Volume> find(VolumeId id) {
        return sql.sql(SELECT + "WHERE v.volume_id = ?")
                .param(id.text())
                .query(VolumeLedger::volume)
                .optional();
    }

    /** Returns the volume of that name. */
    public Optional<Volume> named(String name) {
        return sql.sql(SELECT + "WHERE v.volume_name = ?")
                .param(name)
                .query(VolumeLedger::volume)
                .optional();
    }

    /** Returns the volume whose device or image in this appliance is at that path. */
    public Optional<Volume> at(String devicePath) {
        return sql.sql(SELECT + "WHERE m.device_path = ?")
                .param(devicePath)
                .query(VolumeLedger::volume)
                .optional();
    }

    /** Returns the volumes of a VM or test failover, in the order of their ids. */
    public List<Volume> of(String context) {
        return sql.sql(SELECT + "WHERE v.vm_context_id = ? ORDER BY v.volume_id")
                .param(context)
                .query(VolumeLedger::volume)
                .list();
    }

    /** Returns the volumes that were cloned from a snapshot set. */
    public List<Volume> clonesOf(SnapshotSetId set) {
        return sql.sql(SELECT + "WHERE v.clone_of_set = ? ORDER BY v.volume_id")
                .param(set.text())
                .query(VolumeLedger::volume)
                .list();
    }

    /** Adds a volume that is attached nowhere, unless it is there. */
    public void add(
            VolumeId id,
            String name,
            Optional<String> context,
            String backend,
            long sizeBytes,
            Optional<SnapshotSetId> cloneOf) {
        if (find(id).isPresent()) {
            return;
        }
        String now = SqlTime.text(clock.instant());
        sql.sql("INSERT INTO ossea_volumes (volume_id, volume_name, vm_context_id, backend, size_bytes,"
                        + " size_gb, status, clone_of_set, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?,"
                        + " 'available', ?, ?, ?)")
                .params(id.text(), name)
                .param(context.orElse(null))
                .params(backend, sizeBytes, gibibytes(sizeBytes))
                .param(cloneOf.map(SnapshotSetId::text).orElse(null))
                .params(now, now)
                .update();
    }

    /** Forgets a volume that does not exist any more. Its exports' rows stay, since their names are used up. */
    public void remove(VolumeId id) {
        detached(id);
        sql.sql("DELETE FROM volume_snapshots WHERE volume_id = ?")
                .param(id.text())
                .update();
        sql.sql("DELETE FROM ossea_volumes WHERE volume_id = ?")
                .param(id.text())
                .update();
    }

    /** Takes note of a new size. */
    public void resized(VolumeId id, long sizeBytes) {
        sql.sql("UPDATE ossea_volumes SET size_bytes = ?, size_gb = ?, updated_at = ? WHERE volume_id = ?")
                .params(sizeBytes, gibibytes(sizeBytes), SqlTime.text(clock.instant()), id.text())
                .update();
    }

    /**
     * Takes note of where a volume is attached now, in place of what was known before. One in error stays in error. Another
     * VM than this appliance may write to it.
     */
    public void attached(VolumeId id, Attachment attachment) {
        String now = SqlTime.text(clock.instant());
        sql.sql("DELETE FROM device_mappings WHERE volume_uuid = ?")
                .param(id.text())
                .update();
        sql.sql("INSERT INTO device_mappings (volume_uuid, vm_context_id, vm_id, operation_mode, cloudstack_device_id,"
                        + " device_path, created_at, updated_at)"
                        + " SELECT volume_id, vm_context_id, ?, ?, ?, ?, ?, ? FROM ossea_volumes WHERE volume_id = ?")
                .params(attachment.vmId(), text(attachment.mode()))
                .param(number(attachment.deviceNumber()))
                .param(attachment.devicePath().orElse(null))
                .params(now, now, id.text())
                .update();
        intact(id, VolumeState.ATTACHED);
        if (attachment.mode() == ExportMode.FAILOVER) {
            changed(id);
        }
    }

    /** Takes note that a volume is attached nowhere. One in error stays in error. */
    public void detached(VolumeId id) {
        sql.sql("DELETE FROM device_mappings WHERE volume_uuid = ?")
                .param(id.text())
                .update();
        intact(id, VolumeState.AVAILABLE);
    }

    /** Takes note that a volume in error is what it should be again. */
    public void reinstated(VolumeId id) {
        find(id).ifPresent(volume ->
                state(id, volume.attachment().isPresent() ? VolumeState.ATTACHED : VolumeState.AVAILABLE, null));
    }

    /** Takes note that a volume is not what it should be; what it holds if it comes back nobody knows. */
    public void broken(VolumeId id, String reason) {
        state(id, VolumeState.ERROR, reason);
        changed(id);
    }

    /** Takes note that a volume holds something else than what was written to its exports, or may. */
    public void changed(VolumeId id) {
        sql.sql("UPDATE ossea_volumes SET content_generation = content_generation + 1 WHERE volume_id = ?")
                .param(id.text())
                .update();
    }

    private void intact(VolumeId id, VolumeState state) {
        if (find(id).filter(volume -> volume.state() != VolumeState.ERROR).isPresent()) {
            state(id, state, null);
        }
    }

    private void state(VolumeId id, VolumeState state, @Nullable String reason) {
        sql.sql("UPDATE ossea_volumes SET status = ?, status_reason = ?, updated_at = ? WHERE volume_id = ?")
                .param(text(state))
                .param(reason)
                .params(SqlTime.text(clock.instant()), id.text())
                .update();
    }

    private static long gibibytes(long sizeBytes) {
        return (sizeBytes + GIBIBYTE - 1) / GIBIBYTE;
    }

    private static @Nullable Integer number(OptionalInt device) {
        return device.isPresent() ? device.getAsInt() : null;
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Volume volume(ResultSet row, int number) throws SQLException {
        return new Volume(
                new VolumeId(row.getString("volume_id")),
                row.getString("volume_name"),
                Optional.ofNullable(row.getString("vm_context_id")),
                row.getString("backend"),
                row.getLong("size_bytes"),
                VolumeState.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                attachment(row),
                Optional.ofNullable(row.getString("clone_of_set")).map(SnapshotSetId::new),
                Optional.ofNullable(row.getString("status_reason")),
                row.getLong("content_generation"));
    }

    private static Optional<Attachment> attachment(ResultSet row) throws SQLException {
        String vmId = row.getString("vm_id");
        if (vmId == null) {
            return Optional.empty();
        }
        int number = row.getInt("cloudstack_device_id");
        OptionalInt device =
                row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number); // before the next column is read
        return Optional.of(new Attachment(
                vmId,
                ExportMode.valueOf(row.getString("operation_mode").toUpperCase(Locale.ROOT)),
                device,
                Optional.ofNullable(row.getString("device_path"))));
    }
}
