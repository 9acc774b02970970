package io.migratekit.source;

import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentCursor;
import io.migratekit.source.extent.MemoryChangeMapSegments;
import io.migratekit.source.extent.PlanProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Does with a source what a replication does, on disks that fit into memory. */
public final class SourceProbe {
    private SourceProbe() {}

    /** Returns the sources as the application wires them. */
    public static SourceMachines machines() {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(SourceConfiguration.class)) {
            return context.getBean(SourceMachines.class);
        }
    }

    /** Plans a disk of a snapshot. */
    public static ChangeMap plan(SourceSnapshot snapshot, DiskKey disk, Optional<ChangeId> since) throws IOException {
        try (ChangeQuery query = snapshot.changes(disk, since)) {
            return new ChangeMapPlanner(Duration.ZERO)
                    .plan(
                            capacityBytes(snapshot, disk),
                            since.isPresent() ? ChangeMap.Rest.UNCHANGED : ChangeMap.Rest.ZERO,
                            query,
                            new MemoryChangeMapSegments(),
                            PlanProgress.NONE);
        }
    }

    /** Copies what the map names from a snapshot onto {@code replica}. */
    public static void copy(SourceSnapshot snapshot, DiskKey disk, ChangeMap map, byte[] replica) throws IOException {
        try (DiskAccess access = snapshot.open(disk);
                NbdClient client = NbdClient.connect(access.uri(), ClientOptions.defaults());
                ExtentCursor cursor = map.walk(0, map.capacityBytes())) {
            for (Extent extent = cursor.next(1 << 20); extent != null; extent = cursor.next(1 << 20)) {
                ByteBuffer part = ByteBuffer.wrap(replica, (int) extent.offsetBytes(), (int) extent.lengthBytes());
                if (extent.kind() == Extent.Kind.DATA) {
                    client.read(extent.offsetBytes(), part);
                } else {
                    part.put(new byte[part.remaining()]);
                }
            }
        }
    }

    /** Returns the size of a snapshot's disk. */
    public static long capacityBytes(SourceSnapshot snapshot, DiskKey disk) throws IOException {
        return snapshot.disks().stream()
                .filter(described -> described.key().equals(disk))
                .findFirst()
                .orElseThrow()
                .capacityBytes();
    }
}
