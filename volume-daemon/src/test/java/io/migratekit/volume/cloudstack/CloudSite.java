package io.migratekit.volume.cloudstack;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.operation.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A scripted cloud whose disks are sparse files here, and the embedded engine on the links that lead to them. */
public final class CloudSite implements Site {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long GIB = 1L << 30;

    private final ScriptedCloud cloud;
    private final CloudServer server;
    private final VolumeBackend backend;
    private final ExportEngine engine;
    private final String otherVm;

    private CloudSite(Path folder, Duration jobs, Duration replies) {
        this.cloud = ScriptedCloud.in(folder);
        this.server = cloud.server();
        this.backend = Clouds.hasty(server, jobs, replies).volumes();
        Path sockets = folder.resolve("s");
        this.engine =
                new ExportEngines(sockets, new NbdUri.Unix(sockets.resolve("nbd.sock")), Optional.empty()).embedded();
        this.otherVm = CloudMachinesTest.machine(server, "Stopped");
    }

    /** Starts one in a new folder within that one. */
    public static CloudSite start(Path folder) {
        return start(folder, Duration.ofSeconds(5), Clouds.REQUEST_TIMEOUT);
    }

    /**
     * Starts one in a new folder within that one.
     *
     * @param jobs how long a call waits for a job
     * @param replies how long a request waits for its reply
     */
    public static CloudSite start(Path folder, Duration jobs, Duration replies) {
        return new CloudSite(folder.resolve("c" + COUNT.incrementAndGet()), jobs, replies);
    }

    /** Returns its cloud, to let something go wrong there. */
    public ScriptedCloud cloud() {
        return cloud;
    }

    /** Returns the same volumes as another daemon has them, which is patient. */
    public VolumeBackend reopened() {
        return Clouds.connect(server).volumes();
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
        return GIB;
    }

    @Override
    public long unitBytes() {
        return GIB;
    }

    @Override
    public String appliance() {
        return CloudState.OMA;
    }

    @Override
    public String otherVm() {
        return otherVm;
    }

    @Override
    public long tooLargeBytes() {
        server.settled().storageLeft = "10";
        return 11 * GIB;
    }

    @Override
    public void write(VolumeId id, int value) {
        server.state.devices.write(id.text(), 0, value);
    }

    @Override
    public int read(VolumeId id) {
        return server.state.devices.read(id.text(), 0);
    }

    @Override
    public void own(VolumeId id, boolean ours) {
        cloud.own(id, ours);
    }

    @Override
    public void close() {
        engine.close();
        cloud.close();
    }
}
