package io.migratekit.job;

import io.migratekit.nbd.NbdUri;
import io.migratekit.source.SourceRef;
import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a disk is copied to: an NBD URI, an image file, or a volume of the volume daemon. Two texts for the same target
 * give the same value, so that the database can refuse two disks on one target.
 *
 * @param text normalised: a URI as {@link NbdUri#toString} writes it, an absolute path, or {@code volume:} and an id
 */
public record TargetRef(String text) {
    private static final String VOLUME = "volume:";
    private static final int CHARACTERS_MAX = 700; // the column's width

    public TargetRef {
        if (text.isBlank() || text.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "target of %d characters; 1 to %d are allowed".formatted(text.length(), CHARACTERS_MAX));
        }
    }

    /** Returns the target that a volume is. */
    public static TargetRef of(VolumeId volume) {
        return new TargetRef(VOLUME + volume);
    }

    /**
     * Reads what a user wrote.
     *
     * @throws JobException.Refused if it is no URI, no path and no volume
     */
    public static TargetRef parse(String text) {
        try {
            if (text.startsWith(VOLUME)) {
                return of(new VolumeId(text.substring(VOLUME.length()).toLowerCase(Locale.ROOT)));
            }
            if (NbdUri.accepts(text)) {
                return new TargetRef(absolute(NbdUri.parse(text)).toString());
            }
            String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
            if (path.contains("://") || path.isBlank()) {
                throw new IllegalArgumentException(
                        "'%s' is no NBD URI (nbd://, nbd+unix://, nbds://, nbds+unix://), no image file and no volume (volume:ID)"
                                .formatted(text));
            }
            return new TargetRef(real(Path.of(path)).toString());
        } catch (InvalidPathException e) {
            throw JobException.Refused.usage("'%s' is no path: %s".formatted(text, e.getReason()));
        } catch (IllegalArgumentException e) {
            throw JobException.Refused.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the volume, if it is one. */
    public Optional<VolumeId> volume() {
        return text.startsWith(VOLUME) ? Optional.of(new VolumeId(text.substring(VOLUME.length()))) : Optional.empty();
    }

    /** Returns the image file, if it is one. */
    public Optional<Path> image() {
        return NbdUri.accepts(text) || text.startsWith(VOLUME) ? Optional.empty() : Optional.of(Path.of(text));
    }

    /** Returns the export, if it is one. */
    public Optional<NbdUri> uri() {
        return NbdUri.accepts(text) ? Optional.of(NbdUri.parse(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * Tells whether {@code other}, a source or a target, names bytes of this disk in other words: a hard link, another path to a
     * socket, a partition of a disk or the disk of a partition, a loop device of an image, the same export with other
     * parameters or by another name of its host. Asks the name service.
     */
    public boolean isAt(String other) {
        if (text.equals(other)) {
            return true;
        }
        if (SourceRef.isMachineDisk(other)
                || text.startsWith(VOLUME)
                || other.startsWith(VOLUME)
                || NbdUri.accepts(text) != NbdUri.accepts(other)) {
            return false;
        }
        return uri().map(uri -> sameExport(uri, NbdUri.parse(other)))
                .orElseGet(() -> shared(Path.of(text), Path.of(other)));
    }

    private static boolean sameExport(NbdUri one, NbdUri other) {
        if (!one.exportName().equals(other.exportName())) {
            return false;
        }
        if (one.address() instanceof NbdUri.Unix here && other.address() instanceof NbdUri.Unix there) {
            return here.equals(there) || shared(here.path(), there.path());
        }
        return one.address() instanceof NbdUri.Tcp here
                && other.address() instanceof NbdUri.Tcp there
                && here.port() == there.port()
                && sameHost(here.host(), there.host());
    }

    /** Two names that share an address, or that both mean this machine, lead to one server. */
    private static boolean sameHost(String one, String other) {
        if (one.equalsIgnoreCase(other)) {
            return true;
        }
        try {
            List<InetAddress> here = List.of(InetAddress.getAllByName(one));
            List<InetAddress> there = List.of(InetAddress.getAllByName(other));
            boolean loopback = here.stream().allMatch(InetAddress::isLoopbackAddress)
                    && there.stream().allMatch(InetAddress::isLoopbackAddress);
            return loopback || !Collections.disjoint(here, there);
        } catch (UnknownHostException e) {
            return false; // nothing can be copied there either; whoever connects says why
        }
    }

    private static boolean shared(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other) && Overlap.of(one, other);
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            return false; // cannot be looked at now; whoever opens it says why
        }
    }

    /** A job may run in another folder later. */
    private static NbdUri absolute(NbdUri uri) {
        return uri.address() instanceof NbdUri.Unix unix
                ? new NbdUri(
                        new NbdUri.Unix(unix.path().toAbsolutePath()), uri.tls(), uri.exportName(), uri.parameters())
                : uri;
    }

    /** Follows symbolic links as far as the path exists, so that two links to one file are one target. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            if (Files.exists(absolute)) {
                return absolute.toRealPath();
            }
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent != null && name != null && Files.exists(parent)
                    ? parent.toRealPath().resolve(name)
                    : absolute;
        } catch (IOException e) {
            return absolute;
        }
    }
}
