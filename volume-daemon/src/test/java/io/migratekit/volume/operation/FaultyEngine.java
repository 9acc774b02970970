package io.migratekit.volume.operation;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.export.ExportEngine;
import java.util.Optional;
import java.util.Set;

/** Any export engine, which can be told to fail, to serve less than it can, and to lose what it serves. */
final class FaultyEngine implements ExportEngine {
    private final ExportEngine real;
    private volatile boolean broken;
    private volatile boolean rawOnly;

    FaultyEngine(ExportEngine real) {
        this.real = real;
    }

    /** Lets it serve what is added, and say that it could not. */
    void breakDown(boolean now) {
        broken = now;
    }

    /** Makes it one that opens raw images alone. */
    void rawOnly(boolean now) {
        rawOnly = now;
    }

    /** Takes everything away that it serves, as the end of a process does. */
    void crash() {
        real.names().forEach(real::remove);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public boolean serves(Image.Format format) {
        return real.serves(format) && (!rawOnly || format == Image.Format.RAW);
    }

    @Override
    public NbdUri add(ExportName name, Image image, boolean readOnly) {
        NbdUri uri = real.add(name, image, readOnly);
        if (broken) {
            throw new VolumeException(Kind.FAILED, "the engine is broken");
        }
        return uri;
    }

    @Override
    public boolean remove(ExportName name) {
        return real.remove(name);
    }

    @Override
    public Set<ExportName> names() {
        return real.names();
    }

    @Override
    public Optional<NbdUri> uri(ExportName name) {
        return real.uri(name);
    }

    @Override
    public int clients() {
        return real.clients();
    }

    @Override
    public String check() {
        return real.check();
    }

    @Override
    public void close() {
        real.close();
    }
}
