package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pool that fills up while a replication writes there through the embedded engine: more was promised than there is. */
@NeedsPeer("mount")
class PoolFullIT extends VolumeTargetsFixture {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private boolean mounted;

    @Override
    Path pool() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        Peer.Result result = mount("size=8m", small);
        mounted = result.exitCode() == 0;
        if (!mounted) {
            throw Facility.MOUNT.missing(result.output());
        }
        return small;
    }

    @Override
    void release() {
        if (mounted) {
            Peer.run(TIMEOUT, "umount", folder.resolve("small").toString()).orFail();
        }
    }

    @Test
    void aJobSaysWhichPoolIsFullAndGoesOnFromItsLastChunkOnceThereIsRoom() throws Exception {
        LabVm vm = add("large", 32 * MIB); // two fifths of it have content
        String pool = folder.resolve("small").toString();

        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("no space left on device")
                .hasMessageContaining("make room, then run the same command")
                .hasMessageContaining("Volume '%s' (%s)"
                        .formatted(volume(vm).name(), volume(vm).id()))
                .hasMessageContaining("pool " + pool)
                .hasMessageContaining("0.0 GiB free");
        ReplicationJob failed = app.get(Replications.class).find(vm.name());
        assertThat(failed.status().restartable()).isTrue();
        assertThat(failed.counters().copiedBytes()).isPositive();

        mount("remount,size=64m", Path.of(pool)).orFail();
        ReplicationResult result =
                app.get(Replications.class).restart(failed.id()).result();

        assertThat(result.jobId()).isEqualTo(failed.id());
        assertThat(result.restarts()).isOne();
        assertThat(result.bytesRecopied())
                .as("no more than what was not committed")
                .isLessThanOrEqualTo(8 * MIB);
        assertThat(differences(vm)).isEmpty();
        assertThat(volumes.exports()).isEmpty();
    }

    private static Peer.Result mount(String options, Path folder) {
        return Peer.run(TIMEOUT, "mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    }
}
