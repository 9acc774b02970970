package io.migratekit.volume.local;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendFixture.Content;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.operation.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool of image files, and a real export engine beside it. */
public final class LocalSite implements Site {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestPool pool;
    private final LocalBackend backend;
    private final ExportEngines engines;
    private final ExportEngine engine;

    private LocalSite(Path folder, TestPool pool, boolean qemu) {
        this.pool = pool;
        this.backend = pool.open();
        Path sockets = folder.resolve("s");
        this.engines = new ExportEngines(sockets, new NbdUri.Unix(sockets.resolve("nbd.sock")), Optional.empty());
        this.engine = qemu ? engines.qemu() : engines.embedded();
    }

    /** Opens one with raw files, without qemu-img and with the embedded engine, in a new folder within that one. */
    public static LocalSite embedded(Path folder) {
        Path own = folder.resolve("l" + COUNT.incrementAndGet());
        return new LocalSite(own, TestPool.raw(own.resolve("pool")), false);
    }

    /** Opens one with qcow2 images and qemu-storage-daemon, in a new folder within that one. */
    public static LocalSite qemu(Path folder) {
        Path own = folder.resolve("q" + COUNT.incrementAndGet());
        return new LocalSite(own, TestPool.of(own.resolve("pool"), VolumeDaemon.Format.QCOW2), true);
    }

    @Override
    public VolumeBackend backend() {
        return backend;
    }

    @Override
    public ExportEngine engine() {
        return engine;
    }

    @Override
    public long sizeBytes() {
        return 1 << 20;
    }

    @Override
    public long unitBytes() {
        return VolumeRequest.SECTOR_BYTES;
    }

    @Override
    public String appliance() {
        return VolumeRequest.APPLIANCE;
    }

    @Override
    public String otherVm() {
        return "vm-7";
    }

    /** More than any disk of a machine that runs tests has. */
    @Override
    public long tooLargeBytes() {
        return 1L << 52;
    }

    @Override
    public void write(VolumeId id, int value) {
        content().write(id, 0, value);
    }

    @Override
    public int read(VolumeId id) {
        return content().read(id, 0);
    }

    private Content content() {
        return pool.content();
    }

    @Override
    public void own(VolumeId id, boolean ours) {
        StoredVolume volume = pool.stored(id);
        StoredVolume changed = new StoredVolume(
                volume.version(),
                id,
                volume.name(),
                volume.mark(),
                ours ? TestPool.INSTALLATION : "another-installation",
                volume.attachment(),
                volume.active(),
                volume.images(),
                volume.snapshots());
        try {
            Files.write(pool.folder(id).resolve("volume.json"), VolumeJson.write(changed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
        engines.stop();
        backend.close();
    }
}
