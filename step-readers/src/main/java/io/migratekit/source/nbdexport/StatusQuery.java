package io.migratekit.source.nbdexport;

import io.migratekit.nbd.client.StatusRun;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One metadata context as a change query: one BLOCK_STATUS a page, of whatever length the server answers. */
final class StatusQuery implements ChangeQuery {
    private static final Logger LOG = LoggerFactory.getLogger(StatusQuery.class);

    /** What the flags of a run mean; empty: nothing to do. */
    @FunctionalInterface
    interface Meaning {
        Optional<Extent.Kind> of(int flags);
    }

    /** Without an answer on allocation, this much is taken as DATA before the server is asked again. */
    private static final long UNKNOWN_BYTES = 1L << 30;

    private final StatusSession session;
    private final String context;
    private final Meaning meaning;

    StatusQuery(StatusSession session, String context, Meaning meaning) {
        this.session = session;
        this.context = context;
        this.meaning = meaning;
    }

    @Override
    public Page page(long startBytes) throws IOException {
        List<StatusRun> runs;
        try {
            runs = session.status(context, startBytes);
        } catch (SourceException.ChangesUnknown e) {
            return unknownAllocation(startBytes, e);
        }
        List<Extent> areas = new ArrayList<>(runs.size());
        long position = startBytes;
        for (StatusRun run : runs) {
            long offset = position;
            meaning.of(run.flags()).ifPresent(kind -> areas.add(new Extent(offset, run.lengthBytes(), kind)));
            position += run.lengthBytes();
        }
        return new Page(startBytes, position - startBytes, areas);
    }

    /** Reading everything is right, only slower; what a bitmap says cannot be replaced like that. */
    private Page unknownAllocation(long startBytes, SourceException.ChangesUnknown e) throws SourceException {
        if (!context.equals(ExportQuestion.ALLOCATION)) {
            throw e;
        }
        LOG.warn("{}; the next {} bytes are read in full", e.getMessage(), UNKNOWN_BYTES);
        return new Page(startBytes, UNKNOWN_BYTES, List.of(new Extent(startBytes, UNKNOWN_BYTES, Extent.Kind.DATA)));
    }

    @Override
    public void close() {
        session.close();
    }
}
