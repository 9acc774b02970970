package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.ledger.OwnConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody who has a connection waits for a second one: with one for all, everything works. */
final class OneConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final JdbcConnectionPool pool = JdbcConnectionPool.create(
            "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                    .formatted(UUID.randomUUID()),
            "sa",
            "");
    private final Database database = Database.of(pool, "h2");

    @AfterEach
    void dispose() {
        pool.dispose();
    }

    @Test
    void worksOnVolumesAndReadsOperations() {
        pool.setMaxConnections(1);
        pool.setLoginTimeout(5); // seconds
        long epoch = database.lease(PATIENCE).acquire(Optional.empty());
        try (VolumeOperations daemon = new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(new MemoryBackend())),
                new MemoryEngine(),
                PATIENCE)) {
            VolumeId id = perform(daemon, new VolumeRequest.Create("a", 4096, Optional.of("ctx")))
                    .volume();
            perform(daemon, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
            Operation export = perform(daemon, new VolumeRequest.Export(id, false));
            List<Operation> listed = daemon.operations(OperationFilter.newest(10));
            assertThat(listed).hasSize(3).first().isEqualTo(export);
            assertThat(listed).allSatisfy(operation -> {
                assertThat(operation.volumes()).containsExactly(id);
                assertThat(operation.steps()).isNotEmpty();
                assertThat(daemon.operation(operation.id())).isEqualTo(operation);
            });
            assertThat(export.export()).isPresent();
        }
    }

    @Test
    void aConnectionOfOnesOwnNeedsNoneOfThePool() throws SQLException {
        pool.setMaxConnections(1);
        try (OwnConnection own = OwnConnection.of(pool)) {
            try (Connection first = own.getConnection()) {
                assertThat(first.isValid(1)).isTrue();
            }
            assertThat(pool.getActiveConnections()).isEqualTo(1);
            try (Connection again = own.getConnection()) {
                assertThat(again.isValid(1)).as("the same one").isTrue();
            }
        }
        assertThat(pool.getActiveConnections()).isZero();
    }

    private static Operation perform(VolumeOperations daemon, VolumeRequest request) {
        return daemon.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }
}
