package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.backend.VolumeBackendContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Volumes in a scripted cloud. */
final class CloudStackBackendTest extends VolumeBackendContract {
    @TempDir
    Path folder;

    private @Nullable CloudServer started;
    private @Nullable String machine;
    private Duration later = Duration.ZERO;

    private CloudServer server() {
        if (started == null) {
            started = start();
        }
        return started;
    }

    private CloudServer start() {
        try {
            CloudServer server = new CloudServer(folder);
            server.jobs.delay = Duration.ZERO; // hundreds of kills are tried
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        server().close();
    }

    @Override
    protected VolumeBackend open() {
        VolumeBackend backend = Clouds.connect(server(), later).volumes();
        later = later.plus(Clouds.REQUEST_TIMEOUT.multipliedBy(2)); // as long as a lost request is waited for
        return backend;
    }

    @Override
    protected String vm() {
        if (machine == null) {
            machine = CloudMachinesTest.machine(server(), "Stopped");
        }
        return machine;
    }

    @Override
    protected Optional<Content> content() {
        CloudDevices devices = server().state.devices;
        return Optional.of(new Content() {
            @Override
            public void write(VolumeId id, long offsetBytes, int value) {
                devices.write(id.text(), offsetBytes, value);
            }

            @Override
            public int read(VolumeId id, long offsetBytes) {
                return devices.read(id.text(), offsetBytes);
            }
        });
    }
}
