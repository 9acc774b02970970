package io.migratekit.source.nbdexport;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.standing.StandingDisk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An export as its server described it when we looked. */
final class NbdExportDisk implements StandingDisk {
    private final DiskKey key;
    private final ExportQuestion question;
    private final ExportInfo export;
    private final ClientOptions options;
    private final Reconnect reconnect;
    private @Nullable DirtyAreas dirtyAreas; // confined to whoever looked

    NbdExportDisk(DiskKey key, ExportQuestion question, ExportInfo export, ClientOptions options, Reconnect reconnect) {
        this.key = key;
        this.question = question;
        this.export = export;
        this.options = options;
        this.reconnect = reconnect;
    }

    @Override
    public SourceDisk disk() {
        return new SourceDisk(key, key.text(), question.uri().toString(), export.sizeBytes());
    }

    @Override
    public String identity() throws IOException {
        return "%s of %d bytes, %s"
                .formatted(
                        question.uri(),
                        export.sizeBytes(),
                        bitmap().isPresent() ? bitmap().get() + " " + dirtyAreas() : "no bitmap");
    }

    /**
     * The bitmap's name and how much of it was dirty: a bitmap only grows, so one that has less than then was cleared
     * or made anew, and what it forgot is not known.
     */
    @Override
    public Optional<ChangeId> changeId() throws IOException {
        return bitmap().isPresent()
                ? Optional.of(new BitmapMoment(bitmap().get(), dirtyAreas().bytes()).changeId())
                : Optional.empty();
    }

    @Override
    public boolean accumulates() {
        return bitmap().isPresent();
    }

    @Override
    public ChangeQuery changes(Optional<ChangeId> since) throws IOException {
        if (since.isPresent()) {
            checkKnown(since.get());
            return dirtyQuery();
        }
        return has(ExportQuestion.ALLOCATION)
                ? new StatusQuery(session(), ExportQuestion.ALLOCATION, NbdExportDisk::allocated)
                : new AllDataQuery(export.sizeBytes());
    }

    @Override
    public DiskAccess open() {
        return new RemoteAccess(question.uri());
    }

    private StatusSession session() {
        return new StatusSession(question, export, options, reconnect);
    }

    private Optional<String> bitmap() {
        return question.bitmapContext().filter(this::has);
    }

    private ChangeQuery dirtyQuery() {
        return new StatusQuery(session(), bitmap().orElseThrow(), NbdExportDisk::dirty);
    }

    /** Asked for once: the disk is described as it was when it was looked at. */
    private DirtyAreas dirtyAreas() throws IOException {
        DirtyAreas known = dirtyAreas;
        if (known == null) {
            try (ChangeQuery query = dirtyQuery()) {
                known = DirtyAreas.read(query, export.sizeBytes());
            }
            dirtyAreas = known;
        }
        return known;
    }

    private void checkKnown(ChangeId since) throws IOException {
        String context = question.bitmapContext()
                .orElseThrow(() -> unknown("the URI names no dirty bitmap any more (bitmap=NAME)"));
        BitmapMoment then = BitmapMoment.of(since)
                .filter(moment -> moment.context().equals(context))
                .orElseThrow(() -> unknown(
                        "it was last replicated against %s, and %s is asked for now".formatted(since, context)));
        if (!has(context)) {
            throw unknown(
                    "the server does not offer %s. Serve it (qemu-nbd --bitmap) or copy in full".formatted(context));
        }
        if (dirtyAreas().bytes() < then.dirtyBytes()) {
            throw unknown(
                    "%s has %d dirty bytes and had %d at the last restore point, so somebody cleared it or made it anew. A bitmap that we read must be nobody else's"
                            .formatted(context, dirtyAreas().bytes(), then.dirtyBytes()));
        }
    }

    private SourceException.ChangesUnknown unknown(String reason) {
        return new SourceException.ChangesUnknown(
                "what changed on disk %s at %s is not known: %s".formatted(key, question.uri(), reason));
    }

    private boolean has(String context) {
        return export.metaContexts().contains(context);
    }

    /** A hole that does not read as zero has unknown content, which has to be read. */
    private static Optional<Extent.Kind> allocated(int flags) {
        boolean zero = (flags & 2) != 0; // NBD_STATE_ZERO
        return Optional.of(zero ? Extent.Kind.ZERO : Extent.Kind.DATA);
    }

    private static Optional<Extent.Kind> dirty(int flags) {
        return (flags & 1) != 0 ? Optional.of(Extent.Kind.DATA) : Optional.empty();
    }

    /** A server that cannot tell allocation: everything is read. */
    private record AllDataQuery(long capacityBytes) implements ChangeQuery {
        @Override
        public Page page(long startBytes) {
            long lengthBytes = capacityBytes - startBytes;
            return new Page(startBytes, lengthBytes, List.of(new Extent(startBytes, lengthBytes, Extent.Kind.DATA)));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    /** Served by somebody else, before and after us. */
    private record RemoteAccess(NbdUri uri) implements DiskAccess {
        @Override
        public void close() {
            // not ours to end
        }
    }
}
