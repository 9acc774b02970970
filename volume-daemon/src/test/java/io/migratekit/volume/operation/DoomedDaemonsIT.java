package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the process of daemons over real pools at each of their writes into the journal, starts each again, and asks: has
 * the operation happened completely, or not at all, and does it say so?
 */
@NeedsPeer({"qemu-img", "qemu-io"})
@Timeout(240)
final class DoomedDaemonsIT {
    @TempDir
    Path root;

    @Test
    void everyOperationHasHappenedOrNotWhereverItsProcessWasKilled() throws Exception {
        KilledHome.template(root);
        kill(List.of(Case.values()));
        List<Path> homes = homes();
        int underWay = 0;
        for (Path home : homes) {
            underWay += startAgainAndCheck(home);
        }
        assertThat(underWay)
                .as("all but those killed before it was accepted, and after it was completed")
                .isEqualTo(homes.size() - 2 * Case.values().length);
        for (Case what : Case.values()) {
            assertThat(homes.stream().filter(home -> caseOf(home.getFileName().toString()) == what))
                    .as("places where %s was killed", what)
                    .hasSizeGreaterThanOrEqualTo(6);
        }
    }

    private void kill(List<Case> cases) throws Exception {
        Path output = root.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedDaemons.class.getName(),
                root.toString()));
        cases.forEach(what -> command.add(what.name()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            while (!Files.exists(root.resolve(DoomedDaemons.READY))) {
                assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                Thread.sleep(10);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<Path> homes() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.isDirectory(entry)
                            && !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static Case caseOf(String name) {
        return Case.valueOf(name.substring(0, name.indexOf('-')));
    }

    /** Returns how many operations had been accepted and had not ended. */
    private static int startAgainAndCheck(Path folder) throws IOException {
        String where = folder.getFileName().toString();
        VolumeRequest request = JsonMapper.shared()
                .readValue(Files.readString(folder.resolve(DoomedDaemons.REQUEST)), VolumeRequest.class);
        try (KilledHome home = new KilledHome(folder);
                VolumeOperations next = home.daemon(home.writes)) {
            int unfinished = next.recover();
            for (Operation operation : next.operations(OperationFilter.newest(100))) {
                hasHappened(next.await(operation.id(), Case.PATIENCE), where);
            }
            checkServed(home, next, where);
            assertThat(next.reconcile(false)).as(where).isEmpty();
            Operation ended = next.perform(DoomedDaemons.KEY, request, Case.PATIENCE);
            hasHappened(ended, where);
            checkServed(home, next, where);
            assertThat(next.reconcile(false)).as(where).isEmpty();
            assertThat(next.health().healthy()).as(where).isTrue();
            checkEnd(home, ended, next, where);
            return unfinished;
        }
    }

    /** Nothing fails here, so what has not happened was never accepted. */
    private static void hasHappened(Operation operation, String where) {
        assertThat(operation.status()).as(where).isEqualTo(OperationStatus.COMPLETED);
        assertThat(operation.steps())
                .as(where)
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.state()).isEqualTo(Operation.Step.State.COMPLETED));
    }

    /** What the ledger has as exported is really there, and nothing else is. */
    private static void checkServed(KilledHome home, VolumeOperations now, String where) throws IOException {
        assertThat(home.engine.names())
                .as(where)
                .isEqualTo(now.exports().stream().map(VolumeExport::name).collect(Collectors.toSet()));
        for (VolumeExport export : now.exports()) {
            NbdUri uri = NbdUri.parse(export.uri().orElseThrow());
            try (NbdClient client = NbdClient.connect(uri, ClientOptions.defaults())) {
                assertThat(client.export().sizeBytes()).isEqualTo(Case.SIZE_BYTES);
                client.write(Case.SIZE_BYTES - 512, ByteBuffer.allocate(512), 0);
                client.flush();
            }
        }
    }

    private static void checkEnd(KilledHome home, Operation ended, VolumeOperations now, String where)
            throws IOException {
        Case what = caseOf(where);
        assertThat(home.backend.owned()).as("%s: nothing is made twice", where).hasSize(what.volumesAfter());
        assertThat(now.volumes()).as(where).hasSize(what.volumesAfter());
        List<Attachment> attachments = now.volumes().stream()
                .flatMap(volume -> volume.attachment().stream())
                .toList();
        switch (what) {
            case CREATE, DELETE -> assertThat(now.exports()).as(where).isEmpty();
            case ATTACH ->
                assertThat(attachments)
                        .as(where)
                        .singleElement()
                        .satisfies(at -> assertThat(at.mode()).isEqualTo(ExportMode.OMA));
            case ATTACH_ROOT ->
                assertThat(attachments)
                        .as(where)
                        .containsExactly(
                                new Attachment("vm-7", ExportMode.FAILOVER, OptionalInt.of(0), Optional.empty()));
            case DETACH -> assertThat(attachments).as(where).isEmpty();
            case RESIZE ->
                assertThat(now.volumes())
                        .as(where)
                        .extracting(Volume::sizeBytes)
                        .containsExactlyInAnyOrder(Case.SIZE_BYTES, 2 * Case.SIZE_BYTES);
            case SNAPSHOT, REVERT ->
                assertThat(now.snapshotSets("ctx"))
                        .as(where)
                        .singleElement()
                        .extracting(SnapshotSet::state)
                        .isEqualTo(SnapshotSet.State.READY);
            case DELETE_SNAPSHOTS ->
                assertThat(now.snapshotSets("ctx")).as(where).isEmpty();
            case CLONE -> assertThat(now.volumesOf("test")).as(where).hasSize(2);
            case EXPORT, EXPORT_AGAIN ->
                assertThat(home.engine.names())
                        .as("%s: one writer", where)
                        .containsExactly(ended.export().orElseThrow().name());
            case UNEXPORT -> assertThat(home.engine.names()).as(where).isEmpty();
        }
        checkContent(home, what, now, where);
    }

    private static void checkContent(KilledHome home, Case what, VolumeOperations now, String where)
            throws IOException {
        if (what == Case.CREATE || what == Case.DELETE) {
            return; // the one that was written is not there
        }
        String word = what == Case.DELETE_SNAPSHOTS || what == Case.CLONE ? "after" : "before";
        assertThat(home.holds(one(now.volumesOf("ctx")), word))
                .as("%s: it holds '%s'", where, word)
                .isTrue();
        if (what == Case.CLONE) {
            assertThat(home.holds(one(now.volumesOf("test")), "before"))
                    .as("%s: the clone", where)
                    .isTrue();
        }
    }

    private static VolumeId one(List<Volume> volumes) {
        return volumes.stream()
                .filter(volume -> volume.name().startsWith("one"))
                .map(Volume::id)
                .findFirst()
                .orElseThrow();
    }
}
