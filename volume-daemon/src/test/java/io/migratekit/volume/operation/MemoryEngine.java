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

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean serves(Image.Format format) {
        return true;
    }

    @Override
    public synchronized NbdUri add(ExportName name, Image image, boolean readOnly) {
        served.forEach((other, same) -> {
            if (same.equals(image) && !other.equals(name)) {
                throw new VolumeException(Kind.REFUSED, "%s has %s open already".formatted(other, image.path()));
            }
        });
        served.put(name, image);
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
    public synchronized void close() {
        served.clear();
    }
}
