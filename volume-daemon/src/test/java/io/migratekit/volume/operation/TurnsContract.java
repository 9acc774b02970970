package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What many who ask at the same moment rely on: one operation at a time on each volume, one per key, no epoch twice. */
abstract class TurnsContract extends RepairsContract {
    private static final int THREADS = 6;
    private static final int REQUESTS_EACH = 10;

    /** A volume as it is when operations follow one another. */
    private static final class Model {
        private boolean attached;
        private boolean exported;
        private long epoch;
        private long sizeBytes = SIZE_BYTES;

        /** Returns whether the request makes sense, and then is as after it. */
        boolean takes(VolumeRequest request) {
            boolean possible = possible(request);
            if (possible) {
                attached = request instanceof VolumeRequest.Attach
                        || (attached && !(request instanceof VolumeRequest.Detach));
                exported = request instanceof VolumeRequest.Export
                        || (exported && !(request instanceof VolumeRequest.Unexport));
                epoch += request instanceof VolumeRequest.Export ? 1 : 0;
                sizeBytes = request instanceof VolumeRequest.Resize resize ? resize.sizeBytes() : sizeBytes;
            }
            return possible;
        }

        private boolean possible(VolumeRequest request) {
            if (request instanceof VolumeRequest.Attach) {
                return !attached;
            }
            if (request instanceof VolumeRequest.Detach) {
                return attached && !exported;
            }
            if (request instanceof VolumeRequest.Export) {
                return attached;
            }
            return request instanceof VolumeRequest.Resize resize
                    ? !exported && resize.sizeBytes() >= sizeBytes
                    : exported;
        }
    }

    @Test
    void doesWhatManyAskOfOneVolumeOneAfterTheOtherInTheOrderOfAcceptance() throws Exception {
        VolumeId id = create("a");
        AtOnce.run(THREADS, number -> {
            Random random = new Random(number);
            for (int request = 0; request < REQUESTS_EACH; request++) {
                ask(id, "%d/%d".formatted(number, request), random);
            }
            return number;
        });
        List<Operation> accepted = new ArrayList<>(volumes.operations(OperationFilter.newest(1000)));
        Collections.reverse(accepted);
        Model model = new Model();
        for (Operation operation : accepted.subList(1, accepted.size())) {
            Operation ended = volumes.await(operation.id(), PATIENCE);
            boolean possible = model.takes(ended.request());
            assertThat(ended.status())
                    .as("%s: %s", ended.request(), ended.error())
                    .isEqualTo(possible ? OperationStatus.COMPLETED : OperationStatus.FAILED);
            if (!possible) {
                assertThat(ended.failure()).isEqualTo(Kind.REFUSED);
                assertThat(ended.error().orElseThrow()).contains(id.text());
            }
            ended.export().ifPresent(export -> assertThat(export.name().epoch()).isEqualTo(model.epoch));
        }
        Volume now = volumes.volume(id).orElseThrow();
        assertThat(now.attachment().isPresent()).isEqualTo(model.attached);
        assertThat(now.sizeBytes()).isEqualTo(model.sizeBytes);
        assertThat(engine.names()).hasSize(model.exported ? 1 : 0);
        assertThat(volumes.reconcile(false)).isEmpty();
    }

    /** What makes no sense at the moment of asking, with nothing ahead of it, is refused at once. */
    private void ask(VolumeId id, String key, Random random) {
        List<VolumeRequest> possible = List.of(
                new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false),
                new VolumeRequest.Detach(id),
                new VolumeRequest.Export(id, false),
                new VolumeRequest.Unexport(id),
                new VolumeRequest.Resize(id, SIZE_BYTES + 4096L * random.nextInt(8)));
        try {
            volumes.submit(key, possible.get(random.nextInt(possible.size())));
        } catch (VolumeException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.REFUSED);
            assertThat(e.getMessage()).contains(id.text());
        }
    }

    @Test
    void acceptsOneOperationForOneKeyWhoeverIsFaster() throws Exception {
        VolumeRequest request = new VolumeRequest.Create("a", SIZE_BYTES, Optional.empty());
        Set<OperationId> accepted = ConcurrentHashMap.newKeySet();
        AtOnce.run(
                THREADS,
                number -> accepted.add(volumes.submit("one key", request).id()));
        assertThat(accepted).hasSize(1);
        volumes.await(accepted.iterator().next(), PATIENCE);
        assertThat(backend.owned()).hasSize(1);
        List<Boolean> refused = AtOnce.run(THREADS, number -> {
            try {
                volumes.submit("another", new VolumeRequest.Create("b" + number, SIZE_BYTES, Optional.empty()));
                return false;
            } catch (VolumeException e) {
                assertThat(e).hasMessageContaining("use another key");
                return true;
            }
        });
        assertThat(refused).containsOnlyOnce(false);
        assertThat(volumes.operations(OperationFilter.newest(10))).hasSize(2);
    }

    @Test
    void usesNoEpochTwiceThoughExportsFailAndTheDaemonIsAnotherOne() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        engine.breakDown(true);
        assertThatThrownBy(() -> perform(new VolumeRequest.Export(id, false))).hasMessageContaining("engine is broken");
        engine.breakDown(false);
        assertThat(exported(id)).isEqualTo(2);
        daemon.close();
        engine.crash();
        try (VolumeOperations next = daemon()) {
            next.recover();
            assertThat(engine.names()).as("the same, served again").hasSize(1);
            engine.breakDown(true);
            assertThatThrownBy(() -> next.perform("failing", new VolumeRequest.Export(id, false), PATIENCE))
                    .hasMessageContaining("engine is broken");
            engine.breakDown(false);
            assertThat(engine.names())
                    .as("the older one is locked out all the same")
                    .isEmpty();
            Operation last = next.perform("last", new VolumeRequest.Export(id, false), PATIENCE);
            assertThat(last.export().orElseThrow().name().epoch()).isEqualTo(4);
        }
    }

    private long exported(VolumeId id) {
        return perform(new VolumeRequest.Export(id, false))
                .export()
                .orElseThrow()
                .name()
                .epoch();
    }
}
