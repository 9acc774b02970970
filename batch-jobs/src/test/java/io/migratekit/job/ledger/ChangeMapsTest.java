package io.migratekit.job.ledger;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.LedgerDatabase;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import io.migratekit.source.extent.ChangeMapSegments;
import io.migratekit.source.extent.ChangeMapSegmentsContract;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Change maps in the database keep what every store of them keeps. */
final class ChangeMapsTest extends ChangeMapSegmentsContract {
    @Override
    protected ChangeMapSegments open() {
        LedgerDatabase database = LedgerDatabase.h2();
        Clock clock = Clock.systemUTC();
        Machines machines = new Machines(database.sql(), database.transaction(), database.fenced(), clock);
        DiskKey key = new DiskKey("1");
        TargetRef target = new TargetRef("/target.raw");
        machines.add(
                "vm",
                "vm",
                Machine.Kind.VM,
                List.of(new NewDisk(key, new SourceRef("/source.raw"), Optional.of(target))));
        Machine machine = machines.find("vm").orElseThrow();
        Lease lease = new Leases(database.sql(), () -> 0, ProcessIdentity.current(), Duration.ofSeconds(30))
                .acquire("vm", "job-1");
        new ReplicationJobs(database.sql(), database.fenced(), clock)
                .add(lease, machine, new ReplicationJob.Options(Mode.FULL, Fallback.AUTO, false, false));
        new ReplicationDisks(database.sql(), database.fenced())
                .prepare(
                        lease,
                        new ReplicationDisk(
                                machine.disks().get(0).id(),
                                key,
                                "/source.raw",
                                target,
                                ReplicationDisk.State.PREPARED,
                                Mode.FULL,
                                "a test",
                                1,
                                1,
                                Optional.empty(),
                                false,
                                1,
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                Optional.empty(),
                                0));
        return new ChangeMaps(database.sql(), database.fenced()).of(lease, key, 0);
    }
}
