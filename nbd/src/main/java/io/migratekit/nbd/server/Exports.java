package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Handshake;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The exports of a server by name. */
final class Exports {
    private final ConcurrentSkipListMap<String, Export> byName = new ConcurrentSkipListMap<>();

    void add(Export export) {
        String name = export.name();
        if (name.getBytes(StandardCharsets.UTF_8).length > Handshake.STRING_BYTES_MAX || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("export name of %d characters; NBD allows %d bytes and no NUL"
                    .formatted(name.length(), Handshake.STRING_BYTES_MAX));
        }
        if (byName.putIfAbsent(name, export) != null) {
            throw new IllegalArgumentException(
                    "there is an export '%s' already; remove it first or take another name".formatted(name));
        }
    }

    Optional<Export> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Takes the export off the list; empty if it is not there, or somebody else took it at the same time. */
    Optional<Export> take(String name) {
        return Optional.ofNullable(byName.remove(name));
    }

    Collection<Export> all() {
        return byName.values();
    }
}
