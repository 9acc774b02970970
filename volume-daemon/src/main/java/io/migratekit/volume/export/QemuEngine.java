package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.image.ImageLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * qemu-storage-daemon, a process of its own: all formats, and exports that outlive this process. Where it was killed,
 * the next addition starts another one, which serves nothing yet.
 */
final class QemuEngine implements ExportEngine {
    /** For a request that the storage is working on; longer than most storage takes to give up. */
    private static final Duration REMOVAL_TIMEOUT = Duration.ofMinutes(2);

    private static final long PAUSE_MILLIS_MAX = 100;

    private final StorageDaemon daemon;
    private final NbdUri.Address address;
    private final boolean tls;
    private final Map<String, String> forClients;
    private final NameTurns turns = new NameTurns();
    private final ImageUses uses = new ImageUses();
    private long
            learnedPid; // of the process that uses tell of; only looked at while talking, so by one thread at a time

    private QemuEngine(StorageDaemon daemon, NbdUri.Address address, boolean tls, Map<String, String> forClients) {
        this.daemon = daemon;
        this.address = address;
        this.tls = tls;
        this.forClients = forClients;
    }

    /**
     * Prepares to talk with the process; it is started when it is needed.
     *
     * @param folder for its sockets and its pid file; one folder, one process
     * @param address without port 0
     * @param forClients parameters of every URI
     */
    static QemuEngine at(
            Path folder, NbdUri.Address address, Optional<Path> certificates, Map<String, String> forClients) {
        NbdUri.Address fixed = address instanceof NbdUri.Unix unix
                ? new NbdUri.Unix(unix.path().toAbsolutePath())
                : address;
        DaemonProcess process = DaemonProcess.at(folder, fixed, certificates);
        return new QemuEngine(new StorageDaemon(process, fixed), fixed, certificates.isPresent(), forClients);
    }

    @Override
    public String name() {
        return "qemu";
    }

    @Override
    public boolean serves(Image.Format format) {
        return true;
    }

    @Override
    public NbdUri add(ExportName name, Image image, boolean readOnly) {
        return turns.in(name, () -> {
            ImageFile file = ImageFile.of(image);
            return daemon.talk(learned(qmp -> {
                if (uses.take(name, file, readOnly)) {
                    offer(qmp, name, file, readOnly);
                }
                return place(name);
            }));
        });
    }

    @Override
    public boolean remove(ExportName name) {
        return turns.in(name, () -> {
            Optional<ImageFile> image =
                    daemon.talkIfRunning(learned(qmp -> uses.of(name))).flatMap(found -> found);
            image.ifPresent(file -> end(name, file));
            return image.isPresent();
        });
    }

    @Override
    public Set<ExportName> names() {
        return daemon.talkIfRunning(learned(qmp -> Set.copyOf(new QemuNodes(qmp).names())))
                .orElse(Set.of());
    }

    @Override
    public Optional<NbdUri> uri(ExportName name) {
        return daemon.talkIfRunning(learned(qmp -> uses.of(name)))
                .flatMap(found -> found)
                .map(image -> place(name));
    }

    @Override
    public int clients() {
        try {
            return Connected.at(address);
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "who is connected at %s cannot be told: %s".formatted(uri(""), e.getMessage()),
                    e);
        }
    }

    @Override
    public String check() {
        String seen = daemon.talk((qmp, pid) -> "qemu-storage-daemon %s, process %d, at %s, %d exports"
                .formatted(
                        version(qmp),
                        pid,
                        uri(""),
                        qmp.execute("query-block-exports").size()));
        if (!Listening.at(address)) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE, seen + "; but nothing answers there. Stop it, and add again");
        }
        return seen;
    }

    /** The process and its exports go on. */
    @Override
    public void close() {}

    private interface Talk<T> {
        T with(QmpSession qmp) throws IOException;
    }

    /** Whatever ends a session leaves open what was done; then, as with a process not seen before, it is asked anew. */
    private <T> StorageDaemon.Talk<T> learned(Talk<T> talk) {
        return (qmp, pid) -> {
            try {
                if (learnedPid != pid) {
                    learn(qmp);
                    learnedPid = pid;
                }
                return talk.with(qmp);
            } catch (QmpRefusal e) {
                throw e;
            } catch (IOException e) {
                learnedPid = 0;
                throw e;
            }
        };
    }

    private void learn(QmpSession qmp) throws IOException {
        uses.clear();
        Map<ExportName, QemuNodes.Present> present = new QemuNodes(qmp).survey();
        present.forEach((name, export) -> uses.note(name, export.image(), export.readOnly()));
    }

    private void offer(QmpSession qmp, ExportName name, ImageFile file, boolean readOnly) throws IOException {
        checkNobodyHas(name, file, readOnly);
        try {
            new QemuNodes(qmp).offer(name, file, readOnly);
        } catch (QmpRefusal e) {
            uses.giveUp(name);
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "the image %s cannot be exported: %s".formatted(file.path(), e.getMessage()),
                    e);
        }
    }

    /** QEMU would let several of its NBD servers write one raw image; only a virtual machine's disk it does not share. */
    private void checkNobodyHas(ExportName name, ImageFile file, boolean readOnly) {
        try {
            ImageLock.take(file.path(), readOnly).close();
        } catch (IOException e) {
            uses.giveUp(name);
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "the image %s cannot be opened: %s".formatted(file.path(), e.getMessage()),
                    e);
        } catch (VolumeException e) {
            uses.giveUp(name);
            throw e;
        }
    }

    /** Repeats the end until it is proven, with pauses in which others can talk. */
    private void end(ExportName name, ImageFile image) {
        long deadlineNanos = System.nanoTime() + REMOVAL_TIMEOUT.toNanos();
        long pauseMillis = 1;
        Optional<String> obstacle = attemptEnd(name, image);
        while (obstacle.isPresent()) {
            if (System.nanoTime() > deadlineNanos) {
                throw unproven(name, image, obstacle.get());
            }
            try {
                Pause.millis(pauseMillis);
            } catch (IOException e) {
                throw unproven(name, image, String.valueOf(e.getMessage()));
            }
            pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
            obstacle = attemptEnd(name, image);
        }
    }

    /** A process that is gone has ended all its exports. */
    private Optional<String> attemptEnd(ExportName name, ImageFile image) {
        return daemon.talkIfRunning(learned(qmp -> {
                    Optional<String> obstacle = new QemuNodes(qmp).end(name, image);
                    if (obstacle.isEmpty()) {
                        uses.giveUp(name);
                    }
                    return obstacle;
                }))
                .flatMap(found -> found);
    }

    private static VolumeException unproven(ExportName name, ImageFile image, String obstacle) {
        return new VolumeException(
                VolumeException.Kind.FAILED,
                "the end of export %s is not proven: %s. %s must not be given to another writer; remove it again"
                        .formatted(name, obstacle, image.path()));
    }

    private static String version(QmpSession qmp) throws IOException {
        var version = qmp.execute("query-version").path("qemu");
        return "%d.%d.%d"
                .formatted(
                        version.path("major").asInt(0),
                        version.path("minor").asInt(0),
                        version.path("micro").asInt(0));
    }

    private NbdUri place(ExportName name) {
        return uri(name.toString());
    }

    private NbdUri uri(String exportName) {
        return new NbdUri(address, tls, exportName, forClients);
    }
}
