package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.Untagged;
import io.migratekit.volume.backend.VolumeBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Any back end, whose calls can be told to fail, before or after they have taken effect, and to stand still. */
final class FaultyBackend implements VolumeBackend {
    private final VolumeBackend real;
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    private final ReadWriteLock gate = new ReentrantReadWriteLock();
    private final Set<String> dying = ConcurrentHashMap.newKeySet();
    private final Map<String, Duration> hanging = new ConcurrentHashMap<>();
    private final AtomicInteger hung = new AtomicInteger();
    private volatile long roomBytes = Long.MAX_VALUE;

    FaultyBackend(VolumeBackend real) {
        this.real = real;
    }

    /**
     * Lets a call fail until {@link #heal}; with a volume's name behind the call's, for that volume alone; with "done"
     * at the end, after it has taken effect.
     */
    void fail(String call, Kind kind) {
        failures.put(call, new VolumeException(kind, "the back end cannot " + call));
    }

    /** Lets a call meet a defect until {@link #heal}. */
    void defect(String call, RuntimeException defect) {
        failures.put(call, defect);
    }

    /** Lets a call get no answer until {@link #heal}, and give up after some time. */
    void hang(String call, Duration time) {
        hanging.put(call, time);
    }

    /** Returns how many calls got no answer. */
    int hung() {
        return hung.get();
    }

    /** Leaves no more room than so many bytes, however much there is. */
    void room(long bytes) {
        roomBytes = bytes;
    }

    /** Lets a call end its thread until {@link #heal}, as where a program's file was replaced while it ran. */
    void die(String call) {
        dying.add(call);
    }

    void heal() {
        failures.clear();
        dying.clear();
        hanging.clear();
    }

    /** Does some work while every call of another thread waits. */
    <T> T standingStill(Supplier<T> work) {
        gate.writeLock().lock();
        try {
            return work.get();
        } finally {
            gate.writeLock().unlock();
        }
    }

    @Override
    public List<Untagged> untagged() {
        return real.untagged();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public long roundedBytes(long sizeBytes) {
        return real.roundedBytes(sizeBytes);
    }

    @Override
    public void checkRoom(long addedBytes) {
        if (addedBytes > roomBytes) {
            throw new VolumeException(Kind.NO_ROOM, "there is room for %d bytes".formatted(roomBytes));
        }
        run("checkRoom", () -> real.checkRoom(addedBytes));
    }

    @Override
    public OptionalLong freeBytes() {
        return real.freeBytes();
    }

    @Override
    public BackendVolume create(Mark mark, String name, long sizeBytes, StepMemory memory) {
        return get("create", () -> real.create(mark, name, sizeBytes, memory));
    }

    @Override
    public Optional<BackendVolume> created(Mark mark) {
        return get("created", () -> real.created(mark));
    }

    @Override
    public void discard(Mark mark, StepMemory memory) {
        run("discard", () -> real.discard(mark, memory));
    }

    @Override
    public Optional<BackendVolume> find(VolumeId id) {
        return get("find", () -> real.find(id));
    }

    @Override
    public List<BackendVolume> owned() {
        return get("owned", real::owned);
    }

    @Override
    public void delete(VolumeId id, StepMemory memory) {
        run("delete", () -> real.delete(id, memory));
    }

    @Override
    public BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory) {
        return get("resize", () -> real.resize(id, sizeBytes, memory));
    }

    @Override
    public Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory) {
        return get("attach", () -> real.attach(id, vmId, root, memory));
    }

    @Override
    public void detach(VolumeId id, StepMemory memory) {
        run("detach", () -> real.detach(id, memory));
    }

    @Override
    public void unattach(VolumeId id, StepMemory memory) {
        run("detach", () -> real.unattach(id, memory));
    }

    @Override
    public Image image(VolumeId id) {
        return get("image", () -> real.image(id));
    }

    @Override
    public void checkSnapshots(Collection<VolumeId> ids) {
        run("checkSnapshots", () -> real.checkSnapshots(ids));
    }

    @Override
    public Image.Format formatAfterSnapshot() {
        return real.formatAfterSnapshot();
    }

    @Override
    public void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        run("snapshot", () -> of("snapshot", id, () -> real.snapshot(id, set, memory)));
    }

    @Override
    public void revert(VolumeId id, SnapshotSetId set, StepMemory memory) {
        run("revert", () -> of("revert", id, () -> real.revert(id, set, memory)));
    }

    @Override
    public void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        run("deleteSnapshot", () -> real.deleteSnapshot(id, set, memory));
    }

    @Override
    public BackendVolume cloneSnapshot(VolumeId id, SnapshotSetId set, Mark mark, String name, StepMemory memory) {
        String call = "clone " + nameOf(id);
        return get(call, () -> real.cloneSnapshot(id, set, mark, name, memory));
    }

    @Override
    public String check() {
        return get("check", real::check);
    }

    /** Only where something is to fail, so that a back end is not asked more than without this. */
    private void of(String call, VolumeId id, Runnable work) {
        String one = failures.isEmpty() ? call : "%s %s".formatted(call, nameOf(id));
        run(one, work);
    }

    private String nameOf(VolumeId id) {
        return failures.isEmpty() ? "" : real.find(id).map(BackendVolume::name).orElse("");
    }

    private void run(String call, Runnable work) {
        get(call, () -> {
            work.run();
            return call;
        });
    }

    private <T> T get(String call, Supplier<T> work) {
        gate.readLock().lock();
        try {
            check(call);
            T result = work.get();
            check(call + " done");
            return result;
        } finally {
            gate.readLock().unlock();
        }
    }

    private void check(String call) {
        if (dying.contains(call)) {
            throw new NoClassDefFoundError("io/migratekit/Gone");
        }
        Duration time = hanging.get(call);
        if (time != null) {
            hung.incrementAndGet();
            LockSupport.parkNanos(time.toNanos());
            throw new VolumeException(Kind.UNAVAILABLE, "no answer to " + call);
        }
        RuntimeException failure = failures.get(call);
        if (failure != null) {
            throw failure;
        }
    }
}
