package io.migratekit.source.vddk;

import io.migratekit.source.SourceException;
import java.io.IOException;
import java.time.Duration;

/** Reads disks through nbdkit's vddk plugin. */
public final class VddkReader {
    private final VddkSettings settings;

    public VddkReader(VddkSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts an nbdkit for a disk, logs in and opens the disk.
     *
     * @param patience how long the reader of the disk should try again where the server of it, or a host, is away; 0 to
     *     take each loss as the disk's own
     * @return the open disk; close it, as it holds a process and a log-in
     * @throws SourceException.NotFound if VDDK finds no such snapshot or disk
     * @throws SourceException.Refused if user, password, rights or certificate are to be mended first
     * @throws SourceException.Unavailable with what nbdkit said and what to do, if it cannot be opened
     */
    public ServedVddkDisk open(VddkServer server, VddkDisk disk, Duration patience) throws IOException {
        ServedVddkDisk served = new ServedVddkDisk(launch(server, disk), patience);
        served.start();
        try {
            served.open();
            return served;
        } catch (SourceException | RuntimeException e) {
            served.close();
            throw e;
        }
    }

    private NbdkitLaunch launch(VddkServer server, VddkDisk disk) throws IOException {
        PrivateFolder folder = PrivateFolder.create(settings.folder());
        try {
            Guard guard = Guard.start(folder, settings.endTimeout());
            SecretMask mask = new SecretMask(server.secret().get());
            return new NbdkitLaunch(settings, server, disk, folder, guard, mask, new LogInSecret(server, disk, mask));
        } catch (IOException e) {
            folder.remove();
            throw e;
        }
    }
}
