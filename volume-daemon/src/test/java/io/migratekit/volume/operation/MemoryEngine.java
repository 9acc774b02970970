package io.migratekit.volume.operation;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.export.ExportEngine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says that it serves; refuses a second writer on one image, as every engine must. */
final class MemoryEngine implements ExportEngine {
    private final Map<ExportName, Image> served = new LinkedHashMap<>();
    private boolean broken;
    private boolean rawOnly;

    /** Lets it serve what is added, and say that it could not. */
    synchronized void breakDown(boolean now) {
        broken = now;
    }

    /** Makes it one that opens raw images alone. */
    synchronized void rawOnly(boolean now) {
        rawOnly = now;
    }

    /** Forgets everything, as a process does that is killed. */
    synchronized void crash() {
        served.clear();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public synchronized boolean serves(Image.Format format) {
        return !rawOnly || format == Image.Format.RAW;
    }

    @Override
    public synchronized NbdUri add(ExportName name, Image image, boolean readOnly) {
        served.forEach((other, same) -> {
            if (same.equals(image) && !other.equals(name)) {
                throw new VolumeException(Kind.REFUSED, "%s has %s open already".formatted(other, image.path()));
            }
        });
        served.put(name, image);
        if (broken) {
            throw new VolumeException(Kind.FAILED, "the engine is broken");
        }
        return NbdUri.unix(Path.of("/memory/engine"), name.toString());
    }

    @Override
    public synchronized boolean remove(ExportName name) {
        return served.remove(name) != null;
    }

    @Override
    public synchronized Set<ExportName> names() {
        return Set.copyOf(served.keySet());
    }

    @Override
    public synchronized Optional<NbdUri> uri(ExportName name) {
        return served.containsKey(name)
                ? Optional.of(NbdUri.unix(Path.of("/memory/engine"), name.toString()))
                : Optional.empty();
    }

    @Override
    public int clients() {
        return 0;
    }

    @Override
    public String check() {
        return served.size() + " exports";
    }

    @Override
    public void close() {
        crash();
    }
}
