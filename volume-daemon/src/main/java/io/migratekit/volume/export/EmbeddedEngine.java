package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.image.ImageLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The NBD server within this process. Serves raw images and devices; nothing of it survives the process. */
final class EmbeddedEngine implements ExportEngine {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedEngine.class);

    /** For a thousand exports with eight connections each; memory is taken for those that are there. */
    private static final int CONNECTIONS_MAX = 8000;

    private final NbdServer server;
    private final ImageUses uses = new ImageUses();
    private final NameTurns turns = new NameTurns();
    private final Map<String, String> forClients;
    private final Map<ExportName, ImageLock> locks = new ConcurrentHashMap<>();

    private EmbeddedEngine(NbdServer server, Map<String, String> forClients) {
        this.server = server;
        this.forClients = forClients;
    }

    /**
     * Starts to listen; a dead server's socket is replaced.
     *
     * @throws VolumeException of kind UNAVAILABLE if that cannot be
     */
    static EmbeddedEngine listen(NbdUri.Address address, Optional<Path> certificates, Map<String, String> forClients) {
        ServerOptions options = ServerOptions.defaults().withConnectionsMax(CONNECTIONS_MAX);
        try {
            return new EmbeddedEngine(
                    NbdServer.listen(address, certificates.map(options::withTls).orElse(options)), forClients);
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE, "volumes cannot be exported: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public boolean serves(Image.Format format) {
        return format == Image.Format.RAW;
    }

    @Override
    public NbdUri add(ExportName name, Image image, boolean readOnly) {
        if (!serves(image.format())) {
            throw new VolumeException(
                    VolumeException.Kind.REFUSED,
                    "the image %s is %s, which the embedded engine cannot read; install qemu-storage-daemon"
                            .formatted(image.path(), image.format()));
        }
        return turns.in(name, () -> {
            ImageFile file = ImageFile.of(image);
            if (uses.take(name, file, readOnly)) {
                offer(name, file, readOnly);
            }
            return uri(name.toString());
        });
    }

    @Override
    public boolean remove(ExportName name) {
        return turns.in(name, () -> {
            try {
                boolean removed = server.remove(name.toString());
                giveUp(name);
                return removed;
            } catch (IOException e) {
                giveUp(name); // all writers are gone, and what they flushed is there; only the last close failed
                throw new VolumeException(
                        VolumeException.Kind.FAILED,
                        "the export %s has ended, but its image was not closed cleanly: %s"
                                .formatted(name, e.getMessage()),
                        e);
            }
        });
    }

    @Override
    public Set<ExportName> names() {
        return server.exportNames().stream().map(ExportName::parse).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<NbdUri> uri(ExportName name) {
        return uses.of(name).map(image -> uri(name.toString()));
    }

    @Override
    public int clients() {
        return server.exportNames().stream().mapToInt(server::connectionCount).sum();
    }

    @Override
    public String check() {
        if (!Listening.at(server.address())) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "the embedded NBD server does not answer at %s".formatted(uri("")));
        }
        return "embedded NBD server at %s, %d exports"
                .formatted(uri(""), server.exportNames().size());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            log.warn("an export did not end cleanly", e);
        }
        locks.keySet().forEach(this::unlock);
    }

    private void offer(ExportName name, ImageFile file, boolean readOnly) {
        try {
            locks.put(name, ImageLock.take(file.path(), readOnly));
            FileDevice device = FileDevice.open(file.path(), readOnly);
            try {
                server.add(name.toString(), device, new ExportOptions(readOnly, ""));
            } catch (RuntimeException e) {
                device.close();
                throw e;
            }
        } catch (IOException e) {
            giveUp(name);
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "the image %s cannot be opened: %s".formatted(file.path(), e.getMessage()),
                    e);
        } catch (RuntimeException e) {
            giveUp(name);
            throw e;
        }
    }

    private void giveUp(ExportName name) {
        unlock(name);
        uses.giveUp(name);
    }

    private void unlock(ExportName name) {
        ImageLock lock = locks.remove(name);
        if (lock != null) {
            lock.close();
        }
    }

    private NbdUri uri(String exportName) {
        NbdUri served = server.uri(exportName);
        return new NbdUri(served.address(), served.tls(), served.exportName(), forClients);
    }
}
