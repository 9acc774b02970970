package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do to a machine between two replications, and what the next one makes of it. */
@NeedsPeer({"go", "nbdkit"})
@Timeout(120)
@ExtendWith(VCenterJobs.Shared.class)
final class VCenterChangesIT {
    private static final int MIB = 1 << 20;
    private static final int CAPACITY = (2 << 20) + 512;
    private static final int INCREMENTAL_BYTES_MAX = CAPACITY / 2;

    private static VCenterJobs jobs;

    @BeforeAll
    static void start(VCenterJobs shared) throws Exception {
        jobs = shared;
    }

    @AfterEach
    void clear() throws Exception {
        jobs.lab().control().clearScripts();
    }

    @Test
    void aVmIsFollowedWhereverItGoesAndNamedWhenItIsGone() throws Exception {
        VCenterGuest guest = jobs.add("Büro/100%2f 雪 ❄", CAPACITY);
        jobs.replicate(guest.write(20));
        guest.machine().rename("neu & anders/1 %25 'x'");
        guest.machine().move("Archiv/2026 ❄");

        ReplicationResult moved = jobs.replicate(guest.write(2));

        assertThat(moved.bytesCopied()).isBetween(1L, (long) INCREMENTAL_BYTES_MAX);
        guest.machine().delete();
        assertThat(jobs.fails(guest, JobException.NoSuch.class))
                .hasMessageContaining("'Büro/100%2f 雪 ❄'")
                .hasMessageContaining(
                        "no machine with the instance UUID " + guest.machine().instanceUuid());
        assertThat(jobs.status(guest)).as("nothing was written").isEqualTo("ready_for_failover");
        assertThat(jobs.restorePoints(guest)).as("the last moment stays").isEqualTo(2);
        guest.isReplicated();
    }

    @Test
    void aDiskThatWasAddedIsNamedByEachReplication() throws Exception {
        VCenterGuest guest = jobs.add("added to", CAPACITY);
        jobs.replicate(guest.write(5));
        int added = guest.machine().addDisk(MIB);
        for (int i = 0; i < 2; i++) {
            ReplicationResult next = jobs.replicate(guest.write(1));
            assertThat(jobs.events(next.jobId(), "snapshot.note"))
                    .anyMatch(note -> note.contains("disk " + added) && note.contains("is not replicated"));
        }
    }

    @Test
    void aDiskThatWasRemovedStopsTheReplicationBeforeAnythingIsTouched() throws Exception {
        VCenterGuest guest = jobs.add("taken from", CAPACITY, CAPACITY);
        jobs.replicate(guest.write(5));
        Map<Integer, byte[]> before = guest.content();
        guest.write(3);
        guest.machine().removeDisk(2001);

        assertThat(jobs.fails(guest, JobException.NoSuch.class))
                .hasMessageContaining("'taken from' has no disk 2001 (any more)")
                .hasMessageContaining("remove the VM here and add it anew");
        assertThat(jobs.status(guest)).as("nothing was written").isEqualTo("ready_for_failover");
        guest.isReplicated(before);

        assertThat(guest.machine().addDisk(CAPACITY)).isEqualTo(2001);
        guest.hasAnother(2001);
        guest.writeAt(2001, MIB, new byte[] {1, 2, 3});
        ReplicationResult other = jobs.replicate(guest);
        assertThat(jobs.events(other.jobId(), "fallback"))
                .as("another disk has the key now")
                .anyMatch(text -> text.contains("disk 2001 is copied in full"));
    }

    @Test
    void aDiskThatGrewWaitsForARoomierTargetAndIsCopiedInFull() throws Exception {
        VCenterGuest guest = jobs.add("growing", CAPACITY);
        jobs.replicate(guest.write(5));
        int larger = 2 * CAPACITY;
        guest.machine().growUnnoticed(2000, larger);
        guest.hasGrown(2000, larger);

        assertThat(jobs.fails(guest, JobException.Refused.class))
                .hasMessageContaining(guest.target(2000).toString())
                .hasMessageContaining(Integer.toString(larger));
        guest.enlargeTarget(2000, larger);
        ReplicationResult grown = jobs.replicate(guest.write(3));

        assertThat(jobs.events(grown.jobId(), "fallback"))
                .singleElement()
                .asString()
                .contains("size changed from %d to %d".formatted(CAPACITY, larger));
    }

    @Test
    void trackingThatWasOffOrResetMeansAFullCopyAndASign() throws Exception {
        VCenterGuest guest = jobs.add("untracked", CAPACITY);
        jobs.replicate(guest.write(5));
        guest.machine().switchTrackingOff();
        ReplicationResult off = jobs.replicate(guest.write(2));
        assertThat(jobs.events(off.jobId(), "snapshot.note")).anyMatch(note -> note.contains("switched on"));
        assertThat(jobs.events(off.jobId(), "fallback")).hasSize(1);

        guest.machine().resetTracking(2000);
        ReplicationResult reset = jobs.replicate(guest.write(2));
        assertThat(jobs.events(reset.jobId(), "fallback"))
                .singleElement()
                .asString()
                .contains("change tracking was reset");

        assertThat(jobs.replicate(guest.write(2)).bytesCopied()).isLessThan(INCREMENTAL_BYTES_MAX);
    }

    @Test
    void hardwareThatCannotBeTrackedIsCopiedWholeEachTimeAndSaysWhy() throws Exception {
        VCenterGuest guest =
                jobs.add("old", LabMachineSpec.named("old").hardware("vmx-04").disk(CAPACITY), CAPACITY);
        for (int i = 0; i < 2; i++) {
            ReplicationResult result = jobs.replicate(guest.write(2));
            assertThat(jobs.events(result.jobId(), "snapshot.note"))
                    .singleElement()
                    .asString()
                    .contains("each replication copies everything: its hardware version is 4");
        }
    }

    @Test
    void aChangeThatTrackingLeavesOutIsFoundByVerifyAndMendedByAFullCopy() throws Exception {
        VCenterGuest guest = jobs.add("lied to", CAPACITY);
        jobs.replicate(guest.write(5));
        guest.machine().lie(2000, MIB, 1);
        guest.writeAt(2000, MIB, new byte[] {'u', 'n', 's', 'e', 'e', 'n'});
        guest.writeAt(2000, MIB + MIB / 2, new byte[] {'s', 'e', 'e', 'n'});
        assertThat(jobs.start(guest).result().status()).isEqualTo("completed");

        VerificationResult result = verify(guest);

        assertThat(result.status()).isEqualTo("different");
        assertThat(result.listed())
                .singleElement()
                .satisfies(found -> assertThat(found.offsetBytes()).isEqualTo(MIB))
                .extracting(VerificationJob.Difference::diskKey)
                .isEqualTo("2000");
        jobs.get(Replications.class)
                .start(guest.name(), StartOptions.defaults().withMode(Mode.FULL))
                .result();
        guest.isReplicated();
        assertThat(verify(guest).status()).isEqualTo("completed");
    }

    private static VerificationResult verify(VCenterGuest guest) throws Exception {
        return jobs.get(Verifications.class).start(guest.name(), 100, 1).result();
    }

    @Test
    void aRevertIsNoticedThoughChangeIdsLookComparable() throws Exception {
        VCenterGuest guest = jobs.add("reverted", CAPACITY);
        jobs.replicate(guest.write(10));
        guest.machine().revertUnnoticed();
        guest.machine().takeSnapshot("before the update");
        Map<Integer, byte[]> before = guest.content();
        jobs.replicate(guest.write(5));
        guest.machine().revertTo("before the update");
        guest.wentBackTo(before);

        ReplicationResult next = jobs.replicate(guest.write(1));

        assertThat(jobs.events(next.jobId(), "fallback"))
                .singleElement()
                .asString()
                .contains("the machine was reverted to a snapshot at ");
    }

    @Test
    void aGuestThatCannotBeQuiescedIsReplicatedWithASign() throws Exception {
        VCenterGuest guest = jobs.add("restless", CAPACITY);
        guest.machine().failQuiescing(true);

        ReplicationResult result = jobs.replicate(guest.write(5));

        assertThat(jobs.events(result.jobId(), "snapshot.note"))
                .anyMatch(note -> note.contains("could not be quiesced") && note.contains("power failure"));
    }

    @Test
    void asManySnapshotsAsThereMayBeAreTold() throws Exception {
        VCenterGuest guest = jobs.add("full of snapshots", CAPACITY);
        jobs.replicate(guest.write(5));
        guest.machine().limitSnapshots(1);
        guest.machine().takeSnapshot("somebody's");

        assertThat(jobs.fails(guest, JobException.Failed.class))
                .hasMessageContaining("'full of snapshots' has as many snapshots as vSphere lets it have (1)")
                .hasMessageContaining("remove some in vCenter first");
        guest.machine().removeSnapshot("somebody's"); // fails if we had removed it
        jobs.replicate(guest.write(1));
    }

    @Test
    void disksThatAreNotConsolidatedAreToldAndMergedByTheNext() throws Exception {
        VCenterGuest guest = jobs.add("scattered", CAPACITY);
        jobs.replicate(guest.write(5));
        guest.machine().leaveUnconsolidated();
        jobs.lab()
                .control()
                .script(LabScript.task("ConsolidateVMDisks")
                        .of(guest.machine().reference())
                        .fault("FileLocked"));

        assertThat(jobs.fails(guest.write(1), JobException.PartlyDone.class))
                .hasMessageContaining("the copy is complete and promoted")
                .hasMessageContaining("need consolidation");
        guest.isReplicated();
        long merges = jobs.lab().control().calls("ConsolidateVMDisks_Task");
        jobs.replicate(guest.write(1));
        assertThat(jobs.lab().control().calls("ConsolidateVMDisks_Task")).isGreaterThan(merges);
    }
}
