package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.VolumeBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract within one process, and what only the daemon itself can show. */
final class VolumeOperationsTest extends VolumesContract {

    @Override
    Site site() {
        return new MemorySite();
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }

    @Test
    void carriesOutWhatHasTheLongestNames() {
        String name = "x".repeat(183) + "\uD83D\uDDB4".repeat(8) + "y";
        VolumeId id = create(name, "c".repeat(VolumeRequest.CONTEXT_CHARACTERS_MAX));
        assertThat(volumes.volume(id).orElseThrow().name()).hasSize(200).isEqualTo(name);
        Operation made = volumes.operations(OperationFilter.newest(1)).get(0);
        assertThat(made.steps())
                .singleElement()
                .satisfies(step -> assertThat(step.name())
                        .startsWith("create volume 'xxx")
                        .endsWith("x…") // no half of a pair
                        .hasSize(199));
        String vm = "v".repeat(VolumeRequest.VM_CHARACTERS_MAX);
        attach(id, vm);
        assertThat(volumes.volume(id).orElseThrow().attachment().orElseThrow().vmId())
                .isEqualTo(vm);
    }

    @Test
    void servesAgainAfterARestartUnderTheSameName() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        VolumeExport export =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        daemon.close();
        engine.crash();
        try (VolumeOperations next = daemon()) {
            assertThat(next.recover()).isZero();
            assertThat(engine.names()).containsExactly(export.name());
            assertThat(next.export(id)).contains(export);
            assertThat(next.health().healthy()).isTrue();
        }
    }

    @Test
    void servesAgainByItselfWhatAnEngineLost() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Export(id, false));
        assertThat(daemon.restoreExports()).isZero();
        engine.crash();
        assertThat(daemon.restoreExports()).isEqualTo(1);
        assertThat(volumes.health().healthy()).isTrue();
        perform(new VolumeRequest.Unexport(id));
        assertThat(daemon.restoreExports()).isZero();
        assertThat(engine.names()).isEmpty();
    }

    @Test
    void asksABackEndThatIsSilentOnceAndServesTheOthersAgain() {
        FaultyBackend silent = new FaultyBackend(new MemoryBackend("silent"));
        daemon.close();
        for (VolumeBackend first : List.of(backend, silent)) {
            try (VolumeOperations making = daemon(first, first == silent ? backend : silent)) {
                for (String name : List.of("1", "2", "3")) {
                    VolumeId id = making.perform(
                                    first.name() + name,
                                    new VolumeRequest.Create(first.name() + name, 4096, Optional.empty()),
                                    PATIENCE)
                            .volume();
                    perform(making, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
                    perform(making, new VolumeRequest.Export(id, false));
                }
            }
        }
        engine.crash();
        silent.hang("image", Duration.ofMillis(600));
        try (VolumeOperations next = daemon(silent, backend)) {
            assertThat(next.restoreExports()).isEqualTo(3);
            assertThat(silent.hung()).isEqualTo(1);
            engine.crash();
            assertThat(next.restoreExports())
                    .as("those that answer come first now")
                    .isEqualTo(3);
        }
    }

    private VolumeOperations daemon(VolumeBackend first, VolumeBackend second) {
        return new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(first, second)),
                engine,
                PATIENCE);
    }

    @Test
    void acceptsNothingThatItCannotBegin() {
        VolumeRequest request = new VolumeRequest.Create("a", sizeBytes, Optional.empty());
        Operation made = volumes.perform("known", request, PATIENCE);
        daemon.close();
        assertThat(volumes.submit("known", request)).isEqualTo(made);
        assertThatThrownBy(() -> volumes.submit("late", new VolumeRequest.Create("late", sizeBytes, Optional.empty())))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("is ending");
        assertThat(volumes.operations(OperationFilter.newest(10))).containsExactly(made);
    }

    @Test
    void snapshotsWhatTheVmHasWhenItsTurnComes() {
        VolumeId gone = create("gone", "ctx");
        VolumeId stays = create("stays", "ctx");
        List<Operation> accepted = backend.standingStill(() -> List.of(
                volumes.submit("delete", new VolumeRequest.Delete(gone)),
                volumes.submit("create", new VolumeRequest.Create("late", sizeBytes, Optional.of("ctx"))),
                volumes.submit("snapshot", new VolumeRequest.Snapshot("ctx"))));
        Operation made = accepted.get(1);
        Operation snapshot = accepted.get(2);
        assertThat(snapshot.volumes()).containsExactlyInAnyOrder(gone, stays);
        Operation ended = volumes.await(snapshot.id(), PATIENCE);
        assertThat(ended.error()).isEmpty();
        VolumeId late = volumes.operation(made.id()).volume();
        assertThat(ended.volumes()).as("in the journal").containsExactlyInAnyOrder(stays, late);
        assertThat(volumes.snapshotSets("ctx").get(0).volumes()).containsExactlyInAnyOrder(stays, late);
        assertThat(backend.owned())
                .allSatisfy(volume -> assertThat(volume.snapshots()).hasSize(1));
    }

    @Test
    void acceptsWhatNeedsNoBackEndWhileOneTakesItsTime() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        Thread slow =
                new Thread(() -> volumes.submit("slow", new VolumeRequest.Create("b", sizeBytes, Optional.empty())));
        Operation quick = backend.standingStill(() -> {
            slow.start();
            while (slow.getState() != Thread.State.WAITING && slow.isAlive()) {
                Thread.onSpinWait();
            }
            return CompletableFuture.supplyAsync(() -> volumes.submit("quick", new VolumeRequest.Detach(id)))
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        });
        assertThat(volumes.await(quick.id(), PATIENCE).status()).isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void endsAnOperationThatMeetsADefect() {
        backend.defect("attach", new IllegalStateException("nobody thought of this"));
        VolumeId id = create("a");
        Operation ended = volumes.await(
                volumes.submit("key", new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false))
                        .id(),
                PATIENCE);
        assertThat(ended.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(ended.error().orElseThrow())
                .contains("nobody thought of this")
                .contains("log");
        assertThat(volumes.health().healthy()).as("nothing is left at work").isTrue();
        backend.heal();
        attach(id, VolumeRequest.APPLIANCE);
    }

    @Test
    void endsAnOperationWhoseUndoingMeetsADefect() {
        backend.defect("detach", new IllegalStateException("nobody thought of this"));
        backend.fail("attach", Kind.FAILED);
        VolumeId id = create("a");
        assertThatThrownBy(() -> attach(id, VolumeRequest.APPLIANCE))
                .hasMessageContaining("cannot attach")
                .hasMessageContaining("Left as it is");
        assertThat(volumes.health().healthy()).isTrue();
    }

    @Test
    void tellsOfDifferencesFromItsStartUntilNoneIsLeft() throws InterruptedException {
        for (int number = 0; number < 1000; number++) {
            String name = "v" + number;
            VolumeId id =
                    backend.create(new Mark(name), name, 4096, Memories.none()).id();
            database.ledger().volumes().add(id, name, Optional.empty(), "memory", 4096, Optional.empty());
        }
        VolumeId lost = create("lost");
        backend.delete(lost, Memories.none());
        daemon.close();
        try (VolumeOperations next = daemon()) {
            next.recover();
            long beganNanos = System.nanoTime();
            next.compareInBackground();
            while (differences(next).passed()) {
                assertThat(System.nanoTime() - beganNanos).isLessThan(TimeUnit.SECONDS.toNanos(5));
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(differences(next).detail()).contains("VOLUME_MISSING " + lost);
            assertThat(next.volume(lost).orElseThrow().state()).as("only told").isEqualTo(VolumeState.AVAILABLE);
            perform(next, new VolumeRequest.Delete(lost));
            assertThat(next.reconcile(false)).isEmpty();
            assertThat(next.health().healthy()).isTrue();
        }
    }

    private static DaemonHealth.Check differences(Volumes volumes) {
        return volumes.health().checks().stream()
                .filter(check -> check.name().equals("differences"))
                .findFirst()
                .orElseThrow();
    }

    private static void perform(Volumes volumes, VolumeRequest request) {
        volumes.perform(request.toString(), request, PATIENCE);
    }

    @Test
    void oneOfTwoDaemonsRefuses() {
        assertThatThrownBy(() -> database.lease(PATIENCE).acquire(Optional.empty()))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void aDaemonThatLostItsLeaseWritesNothing() {
        VolumeId id = create("a");
        database.lease(PATIENCE).release(epoch);
        long next = database.lease(PATIENCE).acquire(Optional.of("http://127.0.0.1:8090"));
        assertThat(next).isEqualTo(epoch + 1);
        assertThatThrownBy(() -> volumes.submit("late", new VolumeRequest.Delete(id)))
                .hasMessageContaining("has lost its lease");
        assertThat(backend.find(id)).isPresent();
    }
}
