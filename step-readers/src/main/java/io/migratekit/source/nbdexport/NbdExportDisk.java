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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** An export as its server described it when we looked. */
final class NbdExportDisk implements StandingDisk {
    private final DiskKey key;
    private final ExportQuestion question;
    private final ExportInfo export;
    private final ClientOptions options;
    private final Reconnect reconnect;

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
        Optional<ChangeId> changeId = changeId();
        String dirty = changeId.isPresent() ? dirtyAreas(changeId.get()) : "";
        return "%s of %d bytes, %s %s".formatted(question.uri(), export.sizeBytes(), changeId, dirty);
    }

    /** A bitmap that grew since then tells that the disk was written: a half-done copy of it must begin anew. */
    private String dirtyAreas(ChangeId bitmap) throws IOException {
        CRC32C crc = new CRC32C();
        long dirtyBytes = 0;
        long positionBytes = 0;
        try (ChangeQuery query = changes(Optional.of(bitmap))) {
            while (positionBytes < export.sizeBytes()) {
                ChangeQuery.Page page = query.page(positionBytes);
                for (Extent area : page.areas()) {
                    crc.update(ByteBuffer.allocate(16)
                            .putLong(area.offsetBytes())
                            .putLong(area.lengthBytes())
                            .flip());
                    dirtyBytes += area.lengthBytes();
                }
                positionBytes += page.lengthBytes();
            }
        }
        return "%d dirty %x".formatted(dirtyBytes, crc.getValue());
    }

    @Override
    public Optional<ChangeId> changeId() {
        return question.bitmapContext().filter(this::has).map(ChangeId::new);
    }

    @Override
    public ChangeQuery changes(Optional<ChangeId> since) throws SourceException.ChangesUnknown {
        if (since.isPresent()) {
            return new StatusQuery(session(), knownBitmap(since.get()), NbdExportDisk::dirty);
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

    private String knownBitmap(ChangeId since) throws SourceException.ChangesUnknown {
        String context = question.bitmapContext()
                .orElseThrow(() -> unknown("the URI names no dirty bitmap any more (bitmap=NAME)"));
        if (!context.equals(since.text())) {
            throw unknown("it was last replicated against %s, and %s is asked for now".formatted(since, context));
        }
        if (!has(context)) {
            throw unknown(
                    "the server does not offer %s. Serve it (qemu-nbd --bitmap) or copy in full".formatted(context));
        }
        return context;
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
