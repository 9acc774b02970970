package io.migratekit.volume.export;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Builds export engines. Those of one folder follow one another: at any time at most one serves, and the one that is
 * built ends what the other left.
 *
 * @param folder of the engines alone, made with mode 700 where it is missing; with a short path, since it holds sockets
 * @param address where exports are served, whichever engine serves them; its folder must exist if it is not {@code
 *     folder}
 * @param certificates folder with server-cert.pem, server-key.pem and ca-cert.pem; TLS with a client certificate is then
 *     demanded (qemu-storage-daemon needs all three, the embedded engine lets everybody in without ca-cert.pem)
 * @param forClients parameters of every URI that is handed out, such as where a client finds its certificates
 */
public record ExportEngines(
        Path folder, NbdUri.Address address, Optional<Path> certificates, Map<String, String> forClients) {
    private static final String CERTIFICATES = "tls-certificates";
    private static final String HOSTNAME = "tls-hostname";

    public ExportEngines {
        forClients = Map.copyOf(forClients);
    }

    /** Builds engines whose URIs leave it to clients which certificates they show. */
    public ExportEngines(Path folder, NbdUri.Address address, Optional<Path> certificates) {
        this(folder, address, certificates, Map.of());
    }

    /**
     * Reads the settings: {@code listen} is an NBD URI without export name, where nbds demands TLS with the certificates
     * of its {@code tls-certificates}; without it, exports are served on {@code nbd.sock} in the folder. With TLS, the
     * URIs that are handed out name the folder {@code client-certificates}, and the {@code tls-hostname} of listen.
     *
     * @throws IllegalArgumentException with the setting and what is wrong with it
     */
    public static ExportEngines of(VolumeDaemon settings, Path folder) {
        boolean shown = settings.clientCertificates().isPresent();
        if (settings.listen().isEmpty()) {
            checkShown(false, shown);
            return new ExportEngines(folder, new NbdUri.Unix(folder.resolve("nbd.sock")), Optional.empty());
        }
        NbdUri listen = parsed(settings.listen().get());
        Optional<Path> certificates = listen.parameter(CERTIFICATES).map(Path::of);
        if (!listen.exportName().isEmpty() || listen.tls() != certificates.isPresent()) {
            throw new IllegalArgumentException(
                    "migratekit.volumes.listen is '%s'; it has no export name, and tls-certificates exactly with nbds"
                            .formatted(listen));
        }
        checkShown(listen.tls(), shown);
        return new ExportEngines(folder, listen.address(), certificates, forClients(settings, listen));
    }

    private static NbdUri parsed(String listen) {
        try {
            return NbdUri.parse(listen);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("migratekit.volumes.listen: " + e.getMessage(), e);
        }
    }

    /** Without certificates to show, no job could use what is exported to it. */
    private static void checkShown(boolean tls, boolean shown) {
        if (tls && !shown) {
            throw new IllegalArgumentException(
                    "migratekit.volumes.listen demands TLS, and jobs have no certificates to show; set migratekit.volumes.client-certificates to a folder with ca-cert.pem, client-cert.pem and client-key.pem that they can read");
        }
        if (!tls && shown) {
            throw new IllegalArgumentException(
                    "migratekit.volumes.client-certificates is set, but migratekit.volumes.listen demands no TLS; remove it, or listen at nbds://host:port/?tls-certificates=FOLDER");
        }
    }

    /** Jobs are other processes, in other folders: the path is made absolute. */
    private static Map<String, String> forClients(VolumeDaemon settings, NbdUri listen) {
        Map<String, String> parameters = new HashMap<>();
        settings.clientCertificates()
                .ifPresent(path ->
                        parameters.put(CERTIFICATES, path.toAbsolutePath().toString()));
        listen.parameter(HOSTNAME).ifPresent(name -> parameters.put(HOSTNAME, name));
        return parameters;
    }

    /**
     * Builds the engine that is wished for; for AUTO qemu-storage-daemon where it is installed.
     *
     * @throws VolumeException of kind REFUSED if it is not installed, or as {@link #embedded}
     */
    public ExportEngine choose(VolumeDaemon.Engine wish) {
        return choose(wish, DaemonProcess.program());
    }

    /** Tells whether what {@link #choose} builds serves qcow2 images, not raw ones alone. */
    public static boolean servesQcow2(VolumeDaemon.Engine wish) {
        return servesQcow2(wish, DaemonProcess.program());
    }

    static boolean servesQcow2(VolumeDaemon.Engine wish, Optional<Path> program) {
        return switch (wish) {
            case EMBEDDED -> false;
            case QEMU -> true;
            case AUTO -> program.isPresent();
        };
    }

    ExportEngine choose(VolumeDaemon.Engine wish, Optional<Path> program) {
        return switch (wish) {
            case EMBEDDED -> embedded();
            case QEMU -> qemu(program);
            case AUTO -> program.isPresent() ? qemu(program) : embedded();
        };
    }

    /**
     * Starts the NBD server within this process. A qemu-storage-daemon of the folder is ended first.
     *
     * @throws VolumeException of kind UNAVAILABLE if it cannot listen, or that process goes on
     */
    public ExportEngine embedded() {
        prepareFolder();
        if (Files.exists(folder.resolve(DaemonProcess.PID_FILE))) {
            stop();
        }
        return EmbeddedEngine.listen(address, certificates, forClients);
    }

    /**
     * Prepares to serve by qemu-storage-daemon; a process of the folder that runs is taken over with its exports, else
     * one is started when it is needed.
     *
     * @throws VolumeException of kind REFUSED if it is not installed
     * @throws IllegalArgumentException if the address has port 0, or a path is too long
     */
    public ExportEngine qemu() {
        return qemu(DaemonProcess.program());
    }

    private ExportEngine qemu(Optional<Path> program) {
        if (program.isEmpty()) {
            throw new VolumeException(
                    VolumeException.Kind.REFUSED,
                    "qemu-storage-daemon is not on the path; install it (Debian: qemu-system-common), or set migratekit.volumes.engine to embedded");
        }
        prepareFolder();
        return QemuEngine.at(folder, address, certificates, forClients);
    }

    /**
     * Ends the qemu-storage-daemon of the folder, if one runs, with all its exports; what was flushed is in their
     * images. The embedded engine ends with its {@link ExportEngine#close}.
     *
     * @return whether one ran
     * @throws VolumeException of kind UNAVAILABLE if it goes on
     */
    public boolean stop() {
        return new StorageDaemon(DaemonProcess.in(folder), address).stop();
    }

    private void prepareFolder() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "the folder %s for sockets cannot be made: %s".formatted(folder, e.getMessage()),
                    e);
        }
    }
}
