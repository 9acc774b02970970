package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.ledger.JournalWrites;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the daemon off before and after each of its writes into the journal, starts another, and asks: has the operation
 * happened completely, or not at all, and does it say so?
 */
final class KilledAtEveryStepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long SIZE_BYTES = 1 << 20;
    private static final int WRITES_MAX = 200;

    /** What an operation needs to be there before it, and how to ask for it. */
    enum Case {
        CREATE,
        ATTACH,
        ATTACH_ROOT,
        DETACH,
        DELETE,
        RESIZE,
        SNAPSHOT,
        REVERT,
        DELETE_SNAPSHOTS,
        CLONE,
        EXPORT,
        EXPORT_AGAIN,
        UNEXPORT
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void hasHappenedOrNotWhereverItWasCut(Case what) throws Exception {
        int cuts = 0;
        for (boolean committed : new boolean[] {false, true}) {
            for (int write = 1; write <= WRITES_MAX; write++) {
                Scene scene = new Scene();
                if (!scene.cutAt(what, write, committed)) {
                    break;
                }
                scene.startAgainAndCheck(what, "cut %s write %d".formatted(committed ? "after" : "before", write));
                cuts++;
            }
        }
        assertThat(cuts).as("places where it was cut").isGreaterThanOrEqualTo(8);
    }

    /** Thrown in place of the death of a process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class Scene {
        private final Database database = Database.inMemory();
        private final MemoryBackend backend = new MemoryBackend();
        private final MemoryEngine engine = new MemoryEngine();
        private final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
        private final JournalWrites writes = database.lease(PATIENCE).writes(epoch);
        private final String key = UUID.randomUUID().toString();
        private VolumeRequest request = new VolumeRequest.Snapshot("none");

        private VolumeOperations daemon(JournalWrites through) {
            return new VolumeOperations(
                    database.ledger(), through, new Backends(List.of(backend)), engine, Duration.ofSeconds(5));
        }

        /** Returns false if the operation ended before that write came. */
        boolean cutAt(Case what, int write, boolean committed) throws InterruptedException {
            try (VolumeOperations before = daemon(writes)) {
                request = prepare(what, before);
            }
            CountDownLatch cut = new CountDownLatch(1);
            AtomicInteger count = new AtomicInteger();
            JournalWrites cutting = work -> {
                int now = count.incrementAndGet();
                if (now > write || (now == write && !committed)) {
                    cut.countDown();
                    throw new Killed(); // a dead process writes nothing more
                }
                writes.run(work);
                if (now == write) {
                    cut.countDown();
                    throw new Killed();
                }
            };
            VolumeOperations doomed = daemon(cutting);
            try {
                Operation operation = doomed.submit(key, request);
                while (!cut.await(1, TimeUnit.MILLISECONDS)) {
                    if (doomed.operation(operation.id()).status().ended()) {
                        return false;
                    }
                }
                doomed.await(operation.id(), PATIENCE); // its thread has died
            } catch (Killed e) {
                assertThat(cut.getCount()).isZero();
            }
            return true;
        }

        void startAgainAndCheck(Case what, String where) {
            try (VolumeOperations next = daemon(writes)) {
                next.recover();
                Operation ended = next.await(next.submit(key, request).id(), PATIENCE);
                assertThat(ended.status()).as("%s %s", what, where).isEqualTo(OperationStatus.COMPLETED);
                assertThat(ended.steps())
                        .allSatisfy(step -> assertThat(step.state())
                                .as("%s %s: %s", what, where, step.name())
                                .isEqualTo(Operation.Step.State.COMPLETED));
                assertThat(next.reconcile(false)).as("%s %s", what, where).isEmpty();
                assertThat(next.health().healthy()).isTrue();
                checkEnd(what, ended, next, where);
            }
        }

        private VolumeRequest prepare(Case what, VolumeOperations volumes) {
            if (what == Case.CREATE) {
                return new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx"));
            }
            VolumeId one = perform(volumes, new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx")))
                    .volume();
            perform(volumes, new VolumeRequest.Create("two", SIZE_BYTES, Optional.of("ctx")));
            backend.write(one, "before");
            return switch (what) {
                case CREATE -> throw new IllegalStateException();
                case ATTACH -> new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false);
                case ATTACH_ROOT -> new VolumeRequest.Attach(one, "vm-7", true);
                case DELETE -> new VolumeRequest.Delete(one);
                case RESIZE -> new VolumeRequest.Resize(one, 2 * SIZE_BYTES);
                case SNAPSHOT -> new VolumeRequest.Snapshot("ctx");
                case DETACH, EXPORT, EXPORT_AGAIN, UNEXPORT -> attached(what, volumes, one);
                case REVERT, DELETE_SNAPSHOTS, CLONE -> snapshotted(what, volumes, one);
            };
        }

        private VolumeRequest attached(Case what, VolumeOperations volumes, VolumeId one) {
            perform(volumes, new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false));
            if (what == Case.EXPORT_AGAIN || what == Case.UNEXPORT) {
                perform(volumes, new VolumeRequest.Export(one, false));
            }
            if (what == Case.DETACH) {
                return new VolumeRequest.Detach(one);
            }
            return what == Case.UNEXPORT ? new VolumeRequest.Unexport(one) : new VolumeRequest.Export(one, false);
        }

        private VolumeRequest snapshotted(Case what, VolumeOperations volumes, VolumeId one) {
            perform(volumes, new VolumeRequest.Snapshot("ctx"));
            backend.write(one, "after");
            SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
            if (what == Case.REVERT) {
                return new VolumeRequest.Revert(set);
            }
            return what == Case.CLONE
                    ? new VolumeRequest.CloneSnapshots(set, "test")
                    : new VolumeRequest.DeleteSnapshots(set);
        }

        private void checkEnd(Case what, Operation ended, VolumeOperations now, String where) {
            int expected = what == Case.CREATE || what == Case.DELETE ? 1 : what == Case.CLONE ? 4 : 2;
            assertThat(backend.owned())
                    .as("%s %s: nothing is made twice", what, where)
                    .hasSize(expected);
            switch (what) {
                case REVERT ->
                    assertThat(now.volumesOf("ctx"))
                            .anySatisfy(volume ->
                                    assertThat(backend.content(volume.id())).isEqualTo("before"));
                case SNAPSHOT ->
                    assertThat(now.snapshotSets("ctx"))
                            .singleElement()
                            .extracting(SnapshotSet::state)
                            .isEqualTo(SnapshotSet.State.READY);
                case DELETE_SNAPSHOTS -> assertThat(now.snapshotSets("ctx")).isEmpty();
                case EXPORT, EXPORT_AGAIN ->
                    assertThat(engine.names())
                            .as("one writer")
                            .containsExactly(ended.export().orElseThrow().name());
                case UNEXPORT -> assertThat(engine.names()).isEmpty();
                case DETACH ->
                    assertThat(now.volumes())
                            .allSatisfy(
                                    volume -> assertThat(volume.attachment()).isEmpty());
                case ATTACH, ATTACH_ROOT ->
                    assertThat(now.volumes())
                            .anySatisfy(
                                    volume -> assertThat(volume.attachment()).isPresent());
                case RESIZE ->
                    assertThat(now.volumes())
                            .anySatisfy(volume -> assertThat(volume.sizeBytes()).isEqualTo(2 * SIZE_BYTES));
                case CLONE -> assertThat(now.volumesOf("test")).hasSize(2);
                case CREATE, DELETE -> assertThat(now.volumes()).hasSize(1);
            }
        }

        private static Operation perform(VolumeOperations volumes, VolumeRequest request) {
            return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
        }
    }
}
