package io.migratekit.shell.command;

import io.migratekit.job.operation.MachineCatalog.DiskPair;
import io.migratekit.nbd.NbdUri;
import io.migratekit.shell.line.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code SOURCE=TARGET}, or {@code SOURCE} alone for a target that the first replication makes. URIs hold {@code =} themselves, so the one in the middle is found by what is on its two
 * sides: a source on the left, something that can only be a target on the right.
 */
final class DiskOption {
    private DiskOption() {}

    static DiskPair parse(String text) {
        List<DiskPair> pairs = new ArrayList<>();
        for (int at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
            String source = text.substring(0, at);
            String target = text.substring(at + 1);
            if (isPlace(source) && isPlace(target)) {
                pairs.add(new DiskPair(source, target));
            }
        }
        boolean alone = NbdUri.accepts(text) || text.indexOf('=') < 0;
        if (pairs.isEmpty() && alone && isPlace(text)) {
            return new DiskPair(text, Optional.empty());
        }
        return choose(text, pairs);
    }

    /** A scheme begins a target for certain; after that an absolute path does; else there must be no choice. */
    private static DiskPair choose(String text, List<DiskPair> pairs) {
        List<DiskPair> uris =
                pairs.stream().filter(pair -> hasScheme(target(pair))).toList();
        if (!uris.isEmpty()) {
            return uris.get(0);
        }
        List<DiskPair> paths = pairs.stream()
                .filter(pair -> target(pair).startsWith("/")
                        || target(pair).startsWith(".")
                        || target(pair).startsWith("file:"))
                .toList();
        List<DiskPair> left = paths.isEmpty() ? pairs : paths;
        if (left.size() == 1) {
            return left.get(0);
        }
        throw new UsageException(
                left.isEmpty()
                        ? "--disk '%s' is no SOURCE and no SOURCE=TARGET, as in /images/web01.raw=nbd://storage/vol-1"
                                .formatted(text)
                        : "--disk '%s' can be read in %d ways; write the '=' of a URI as %%3D, or rename the file"
                                .formatted(text, left.size()));
    }

    private static String target(DiskPair pair) {
        return pair.target().orElseThrow();
    }

    private static boolean hasScheme(String text) {
        return NbdUri.accepts(text) || text.startsWith("volume:");
    }

    private static boolean isPlace(String text) {
        if (text.isBlank()) {
            return false;
        }
        if (!NbdUri.accepts(text)) {
            return !text.contains("://");
        }
        try {
            NbdUri.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
