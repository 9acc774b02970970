package io.migratekit.source.vddk;

import io.migratekit.source.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Words for what went wrong between nbdkit and a disk: what, which, and what next. */
record NbdkitExplanation(VddkDisk disk, VddkServer server, SecretMask mask) {
    private static final int LAST_LINES = 5;

    /** Explains an nbdkit that is not there or may not be run. */
    SourceException notStarted(Path nbdkit, Exception e) {
        return unavailable(
                "nbdkit cannot be started at %s: %s. Install nbdkit, or set its path"
                        .formatted(nbdkit, mask.mask(String.valueOf(e.getMessage()))),
                e);
    }

    /**
     * Explains a failure by what nbdkit printed meanwhile.
     *
     * @param event what was seen of it from outside
     * @param printed without secrets
     */
    SourceException because(String event, List<String> printed) {
        String seen = mask.mask(event);
        Optional<KnownFailure.Found> found = KnownFailure.in(printed);
        IOException cause = new IOException(seen);
        if (found.isEmpty()) {
            return unavailable("%s. What it means is not known; %s".formatted(seen, lastLines(printed)), cause);
        }
        String text = found.get().text();
        KnownFailure failure = found.get().failure();
        if (failure == KnownFailure.NOT_FOUND) {
            return new SourceException.NotFound(message(text));
        }
        return failure.lasts() ? new SourceException.Refused(message(text), cause) : unavailable(text, cause);
    }

    private String lastLines(List<String> printed) {
        List<String> telling = printed.stream()
                .map(mask::mask)
                .filter(line -> !NbdkitOutput.isDebugging(line))
                .toList();
        List<String> lines =
                telling.isEmpty() ? printed.stream().map(mask::mask).toList() : telling;
        return lines.isEmpty()
                ? "nbdkit printed nothing"
                : "nbdkit's last lines: "
                        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private SourceException unavailable(String text, Throwable cause) {
        return new SourceException.Unavailable(message(text), cause);
    }

    private String message(String text) {
        return "disk %s cannot be read through %s: %s".formatted(disk, server.host(), text);
    }
}
