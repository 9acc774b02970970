package io.migratekit.job.ledger;

import io.migratekit.job.TargetRef;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Machines and their disks in the database. */
public final class Machines {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final FencedWrites fenced;
    private final Clock clock;

    public Machines(JdbcClient sql, TransactionTemplate transaction, FencedWrites fenced, Clock clock) {
        this.sql = sql;
        this.transaction = transaction;
        this.fenced = fenced;
        this.clock = clock;
    }

    /**
     * Adds a machine with its disks.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the name, or a target, is taken
     */
    public void add(String contextId, String name, Machine.Kind kind, List<NewDisk> disks) {
        add(contextId, name, kind, new Origin("", contextId, "", "", ""), disks);
    }

    /**
     * Adds a machine of a vCenter with its disks.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the name, or a target, is taken
     */
    public void add(String contextId, String name, Origin origin, List<NewDisk> disks) {
        add(contextId, name, Machine.Kind.VM, origin, disks);
    }

    private void add(String contextId, String name, Machine.Kind kind, Origin origin, List<NewDisk> disks) {
        String now = SqlTime.text(clock.instant());
        transaction.executeWithoutResult(status -> {
            sql.sql("INSERT INTO vm_replication_contexts (context_id, vm_name, kind, vmware_vm_id, vm_path,"
                            + " vcenter_host, datacenter, credential_name, created_at, updated_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(contextId, name, kind.text(), origin.instanceUuid(), origin.path())
                    .params(origin.vcenterHost(), origin.datacenter(), origin.credential(), now, now)
                    .update();
            for (NewDisk disk : disks) {
                sql.sql("INSERT INTO vm_disks (vm_context_id, disk_key, source_ref, target_ref, created_at, updated_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?)")
                        .params(contextId, disk.key().text(), disk.source().text())
                        .param(disk.target().map(TargetRef::text).orElse(null))
                        .params(now, now)
                        .update();
            }
        });
    }

    /**
     * Removes the lease's machine, its disks, its replications and its restore points from the database; no target is
     * touched.
     */
    public void remove(Lease lease) {
        fenced.run(
                lease,
                () -> sql.sql("DELETE FROM vm_replication_contexts WHERE context_id = ?")
                        .param(lease.contextId())
                        .update());
    }

    /** Returns the machine that a person added under {@code name}. */
    public Optional<Machine> named(String name) {
        return contexts("vm_name = ? AND kind = 'vm'", name).stream().findFirst();
    }

    /** Returns the machine of any kind with this id. */
    public Optional<Machine> find(String contextId) {
        return contexts("context_id = ?", contextId).stream().findFirst();
    }

    /** Returns all machines of a kind by name. */
    public List<Machine> list(Machine.Kind kind) {
        return contexts("kind = ?", kind.text());
    }

    /** Returns the machine that a target belongs to. */
    public Optional<Machine> ownerOf(TargetRef target) {
        return sql.sql("SELECT vm_context_id FROM vm_disks WHERE target_ref = ?")
                .param(target.text())
                .query(String.class)
                .optional()
                .flatMap(this::find);
    }

    /** Returns the name of the account by which a machine was found when it was added. */
    public Optional<String> credential(String name) {
        return sql.sql("SELECT credential_name FROM vm_replication_contexts WHERE vm_name = ? AND kind = 'vm'"
                        + " AND credential_name <> ''")
                .param(name)
                .query(String.class)
                .optional();
    }

    /** Returns the addresses at which a vCenter was reached when machines of it were added. */
    public List<String> vcenterHosts(String vCenterUuid) {
        return sql.sql("SELECT DISTINCT c.vcenter_host FROM vm_replication_contexts c JOIN vm_disks d"
                        + " ON d.vm_context_id = c.context_id WHERE d.source_ref LIKE ? ORDER BY c.vcenter_host")
                .param("vcenter:" + vCenterUuid + "/%")
                .query(String.class)
                .list();
    }

    /** Returns every target that belongs to a machine. */
    public List<TargetRef> targets() {
        return sql.sql("SELECT target_ref FROM vm_disks WHERE target_ref IS NOT NULL")
                .query((row, number) -> new TargetRef(row.getString(1)))
                .list();
    }

    /**
     * Binds a disk of the lease's machine to a target, or frees its target. What was known of an earlier one is
     * forgotten, so that nothing goes on from it.
     *
     * @throws org.springframework.dao.DuplicateKeyException if another disk has the target
     */
    public void bindTarget(Lease lease, long diskId, Optional<TargetRef> target) {
        fenced.run(
                lease,
                () -> sql.sql(
                                "UPDATE vm_disks SET target_ref = ?, target_size_bytes = NULL, target_identity = NULL, target_store = NULL,"
                                        + " disk_change_id = NULL, updated_at = ? WHERE id = ? AND vm_context_id = ?")
                        .param(target.map(TargetRef::text).orElse(null))
                        .params(SqlTime.text(clock.instant()), diskId, lease.contextId())
                        .update());
    }

    /** Enters the file system on which a disk's target image is. */
    public void targetStore(Lease lease, long diskId, String store) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE vm_disks SET target_store = ? WHERE id = ? AND vm_context_id = ?")
                        .params(store, diskId, lease.contextId())
                        .update());
    }

    private List<Machine> contexts(String where, String value) {
        return sql.sql("SELECT * FROM vm_replication_contexts WHERE " + where + " ORDER BY vm_name")
                .param(value)
                .query(this::machine)
                .list();
    }

    private Machine machine(ResultSet row, int number) throws SQLException {
        String contextId = row.getString("context_id");
        return new Machine(
                contextId,
                row.getString("vm_name"),
                row.getString("kind").equals("vm") ? Machine.Kind.VM : Machine.Kind.COPY,
                row.getString("current_status"),
                Optional.ofNullable(row.getString("current_job_id")),
                Optional.ofNullable(row.getString("last_successful_job_id")),
                SqlTime.instant(row, "created_at"),
                disks(contextId));
    }

    private List<MachineDisk> disks(String contextId) {
        return sql.sql("SELECT * FROM vm_disks WHERE vm_context_id = ? ORDER BY id")
                .param(contextId)
                .query(Machines::disk)
                .list();
    }

    private static MachineDisk disk(ResultSet row, int number) throws SQLException {
        return new MachineDisk(
                row.getLong("id"),
                new DiskKey(row.getString("disk_key")),
                new SourceRef(row.getString("source_ref")),
                Optional.ofNullable(row.getString("target_ref")).map(TargetRef::new),
                optionalLong(row, "target_size_bytes"),
                Optional.ofNullable(row.getString("target_identity")),
                Optional.ofNullable(row.getString("target_store")),
                row.getString("sync_status").equals("lost"),
                optionalLong(row, "capacity_bytes"),
                Optional.ofNullable(row.getString("disk_change_id")).map(ChangeId::new));
    }

    private static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
