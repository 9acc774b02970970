package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What many rely on who work on the volumes and snapshot sets of one VM at the same moment. */
abstract class SetTurnsContract extends TurnsContract {
    private static final int THREADS = 6;
    private static final int REQUESTS_EACH = 12;
    private static final String VM = "ctx";
    private static final String TEST = "test";

    @Test
    void endsWhateverManyAskOfTheVolumesAndSetsOfOneVm() throws Exception {
        create("first", VM);
        create("second", VM);
        AtOnce.run(THREADS, number -> {
            Random random = new Random(number);
            for (int request = 0; request < REQUESTS_EACH; request++) {
                ask("%d/%d".formatted(number, request), random);
            }
            return number;
        });
        List<Operation> accepted = volumes.operations(OperationFilter.newest(1000));
        for (Operation operation : accepted) {
            Operation ended = volumes.await(operation.id(), PATIENCE);
            assertThat(ended.status().ended()).as("%s", ended).isTrue();
            if (ended.status() == OperationStatus.FAILED) {
                assertThat(ended.failure()).as("%s", ended).isIn(Kind.REFUSED, Kind.NO_SUCH_THING);
                assertThat(ended.error().orElseThrow()).doesNotContain("Left as it is");
            }
        }
        assertThat(accepted)
                .as("what makes sense is done")
                .filteredOn(this::isCompleted)
                .hasSizeGreaterThan(2);
        assertThat(Stream.of(VM, TEST).flatMap(vm -> volumes.snapshotSets(vm).stream()))
                .allSatisfy(set -> assertThat(set.state()).isEqualTo(SnapshotSet.State.READY));
        assertThat(backend.owned()).hasSameSizeAs(volumes.volumes());
        assertThat(volumes.reconcile(false)).isEmpty();
        assertThat(volumes.health().healthy()).isTrue();
    }

    private boolean isCompleted(Operation operation) {
        return volumes.operation(operation.id()).status() == OperationStatus.COMPLETED;
    }

    private void ask(String key, Random random) {
        try {
            Optional<VolumeRequest> request = request(key, random);
            request.ifPresent(wish -> volumes.submit(key, wish));
        } catch (VolumeException e) {
            assertThat(e.kind()).as(e.getMessage()).isIn(Kind.REFUSED, Kind.NO_SUCH_THING);
        }
    }

    private Optional<VolumeRequest> request(String key, Random random) {
        String vm = random.nextInt(4) == 0 ? TEST : VM;
        Optional<Volume> volume = any(volumes.volumesOf(vm), random);
        Optional<SnapshotSet> set = any(volumes.snapshotSets(VM), random);
        return switch (random.nextInt(8)) {
            case 0 -> Optional.of(new VolumeRequest.Create("v" + key, SIZE_BYTES, Optional.of(vm)));
            case 1 -> volume.map(one -> new VolumeRequest.Delete(one.id()));
            case 2 -> volume.map(one -> new VolumeRequest.Attach(one.id(), VolumeRequest.APPLIANCE, false));
            case 3 -> volume.map(one -> new VolumeRequest.Detach(one.id()));
            case 4 -> set.map(one -> new VolumeRequest.Revert(one.id()));
            case 5 -> set.map(one -> new VolumeRequest.DeleteSnapshots(one.id()));
            case 6 -> set.map(one -> new VolumeRequest.CloneSnapshots(one.id(), TEST));
            default -> Optional.of(new VolumeRequest.Snapshot(vm));
        };
    }

    private static <T> Optional<T> any(List<T> of, Random random) {
        return of.isEmpty() ? Optional.empty() : Optional.of(of.get(random.nextInt(of.size())));
    }
}
