package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.source.Upstream;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A source and a target that fail as told, and a copy between them. After every run it is checked that a crash now
 * would lose nothing of it, and at the end that the target holds what it must and that the numbers add up.
 */
final class CopyRig implements AutoCloseable, UpcomingRuns, CopyProgress.Events {
    static final CopySettings SETTINGS = new CopySettings(
            64 << 10,
            64 << 10,
            256 << 10,
            4096,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            4);

    final PlannedDisk plan;
    final FaultyServer source;
    final FaultyServer target;
    final CopyProgress progress = new CopyProgress(this);
    final List<String> events = new CopyOnWriteArrayList<>(); // told on the copier's own thread
    NbdUri sourceUri;
    NbdUri targetUri;
    CopySettings settings = SETTINGS;
    StopSignal stop = () -> false;
    Upstream upstream = Upstream.NONE;
    boolean targetIsZero;
    boolean unsafeTarget;
    private final byte[] before;
    private int next;

    CopyRig(Path folder, PlannedDisk plan, byte[] targetContent) throws IOException {
        this.plan = plan;
        this.before = targetContent.clone();
        source = new FaultyServer(folder, plan.content());
        target = new FaultyServer(folder, targetContent);
        sourceUri = source.uri();
        targetUri = target.uri();
    }

    /** Copies onto noise of the same size. */
    static CopyRig ontoNoise(Path folder, PlannedDisk plan) throws IOException {
        return new CopyRig(folder, plan, PlannedDisk.noise(plan.content().length, 99));
    }

    CopyTask task() {
        return new CopyTask(sourceUri, targetUri, plan.content().length, targetIsZero, unsafeTarget, upstream);
    }

    RangeCopier open() throws IOException {
        return RangeCopier.open(task(), settings, this, progress, stop);
    }

    /** Copies all runs, checking each. */
    CopyProgress.Numbers copy() throws IOException {
        try (RangeCopier copier = open()) {
            while (next < plan.runs().size()) {
                copyNext(copier);
            }
        }
        return progress.numbers();
    }

    void copyNext(RangeCopier copier) throws IOException {
        ExtentRun run = plan.runs().get(next++);
        copier.copy(run);
        if (!unsafeTarget) {
            assertDurable(run);
        }
    }

    /** Goes on at a run, as a restart does. */
    void restartAt(int run) {
        next = run;
    }

    int nextRun() {
        return next;
    }

    /** Copies all and checks the end state. */
    void copyAndCheck() throws IOException {
        CopyProgress.Numbers numbers = copy();
        assertThat(numbers.copiedBytes() + numbers.zeroedBytes() + numbers.skippedBytes())
                .as("bytes accounted for")
                .isEqualTo(plan.plannedBytes());
        assertTargetIsRight();
    }

    void assertTargetIsRight() {
        byte[] held = target.disk().written();
        assertThat(Arrays.mismatch(held, plan.onto(before)))
                .as("first wrong byte on the target")
                .isEqualTo(-1);
    }

    @Override
    public @Nullable ExtentRun peek(int index) {
        return next + index < plan.runs().size() ? plan.runs().get(next + index) : null;
    }

    @Override
    public void reconnecting(String side, String reason, int attempt) {
        events.add("%s lost, attempt %d: %s".formatted(side, attempt, reason));
    }

    @Override
    public void reconnected(String side, int attempts) {
        events.add(side + " is back");
    }

    @Override
    public void retrying(String reason, int attempt) {
        events.add("retry %d: %s".formatted(attempt, reason));
    }

    @Override
    public void close() throws IOException {
        source.close();
        target.close();
    }

    private void assertDurable(ExtentRun run) {
        byte[] durable = target.disk().durable();
        for (Extent extent : run.extents()) {
            int from = (int) extent.offsetBytes();
            int until = (int) extent.endBytes();
            assertThat(Arrays.mismatch(durable, from, until, plan.content(), from, until))
                    .as("%s after its run was copied", extent)
                    .isEqualTo(-1);
        }
    }
}
