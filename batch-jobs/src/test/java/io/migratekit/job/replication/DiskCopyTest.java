package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.nbd.NbdUri;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DiskCopyTest {
    private static final NbdUri URI = NbdUri.parse("nbd://127.0.0.1/disk");

    @Test
    void aTargetThatCannotBeClosedLeavesNoSourceOpen() {
        AtomicBoolean closed = new AtomicBoolean();
        DiskAccess source = new DiskAccess() {
            @Override
            public NbdUri uri() {
                return URI;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        TargetRef ref = new TargetRef("/copy.raw");
        Target target = new Target(ref, URI, false, Optional.empty(), () -> {
            throw new IllegalStateException("the daemon does not answer");
        });
        ReplicationDisk disk = new ReplicationDisk(
                1,
                new DiskKey("2000"),
                "/web.raw",
                ref,
                ReplicationDisk.State.PREPARED,
                Mode.FULL,
                "asked for",
                4096,
                4096,
                Optional.empty(),
                false,
                1,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                0);

        assertThatThrownBy(() -> new DiskCopy(disk, source, target, false).close())
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed).isTrue();
    }
}
