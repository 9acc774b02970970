package io.migratekit.job.replication;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.client.StatusRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Asks a server what it says of an export, before anything is written. */
final class ExportProbe {
    private static final String ALLOCATION = "base:allocation";
    private static final int ZERO = 1 << 1; // NBD_STATE_ZERO: reads as zero
    private static final long STATUS_BYTES_MAX = (1L << 32) - (1 << 16); // lengths have 32 bits

    private final ClientOptions options;

    ExportProbe(Duration connectTimeout, Duration requestTimeout) {
        this.options = new ClientOptions(
                connectTimeout, requestTimeout, ClientOptions.defaults().metaContexts());
    }

    ExportInfo info(NbdUri uri) throws IOException {
        try (NbdClient client = NbdClient.connect(uri, options)) {
            return client.export();
        }
    }

    /**
     * Compares blocks of two exports.
     *
     * @param offsets where the blocks begin, each whole within both exports
     * @param tellingMax ends it once so many blocks that are not all zero were the same
     * @return where the first difference is
     */
    OptionalLong firstDifference(NbdUri source, NbdUri target, List<Long> offsets, int blockBytes, int tellingMax)
            throws IOException {
        ByteBuffer ours = ByteBuffer.allocate(blockBytes);
        ByteBuffer theirs = ByteBuffer.allocate(blockBytes);
        ByteBuffer zeros = ByteBuffer.allocate(blockBytes);
        int telling = 0;
        try (NbdClient from = NbdClient.connect(source, options);
                NbdClient to = NbdClient.connect(target, options)) {
            for (long offset : offsets) {
                from.read(offset, ours.clear());
                to.read(offset, theirs.clear());
                if (!Arrays.equals(ours.array(), theirs.array())) {
                    return OptionalLong.of(offset);
                }
                telling += Arrays.equals(ours.array(), zeros.array()) ? 0 : 1;
                if (telling == tellingMax) {
                    break;
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Returns whether the server says that every byte reads as zero; false if it does not say so of each. */
    boolean allZero(NbdUri uri) throws IOException {
        try (NbdClient client = NbdClient.connect(uri, options.withContexts(ALLOCATION))) {
            ExportInfo export = client.export();
            if (!export.metaContexts().contains(ALLOCATION)) {
                return false;
            }
            long position = 0;
            while (position < export.sizeBytes()) {
                long asked = Math.min(STATUS_BYTES_MAX, export.sizeBytes() - position);
                for (StatusRun run : client.blockStatus(ALLOCATION, position, asked)) {
                    if ((run.flags() & ZERO) == 0) {
                        return false;
                    }
                    position += run.lengthBytes();
                }
            }
            return true;
        }
    }
}
