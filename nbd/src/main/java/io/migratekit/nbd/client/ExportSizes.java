package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Set;

/** Collects what a server says of an export: NBD_INFO_EXPORT and NBD_INFO_BLOCK_SIZE, or the answer to EXPORT_NAME. */
final class ExportSizes {
    private final OptionTalk talk;
    private final String exportName;
    private long sizeBytes = -1;
    private int flags;
    private int min = 1;
    private int preferred = 4096;
    private long max = Transmission.PAYLOAD_BYTES_MAX;

    ExportSizes(OptionTalk talk, String exportName) {
        this.talk = talk;
        this.exportName = exportName;
    }

    /** Takes an NBD_REP_INFO. */
    void takeInfo(ByteBuffer data) throws NbdException {
        int kind = talk.need(data, 2).getShort(); // information type, 2 bytes
        if (kind == Handshake.INFO_EXPORT) {
            takeExport(talk.need(data, 10));
        } else if (kind == Handshake.INFO_BLOCK_SIZE) {
            min = talk.need(data, 12).getInt(); // minimum, 4 bytes
            preferred = data.getInt(); // preferred, 4 bytes
            max = data.getInt() & 0xffffffffL; // maximum payload, 4 bytes
        }
    }

    void takeExport(ByteBuffer data) {
        sizeBytes = data.getLong(); // size, 8 bytes
        flags = data.getShort() & 0xffff; // transmission flags, 2 bytes
    }

    ExportInfo export(Collection<String> contexts) throws NbdException {
        if (sizeBytes < 0) {
            throw talk.violation("no size (or a negative one) for export '%s'".formatted(exportName));
        }
        checkBlockSizes();
        int payloadMax = (int) Math.min(max, Transmission.PAYLOAD_BYTES_MAX);
        return new ExportInfo(
                exportName,
                sizeBytes,
                flags,
                min,
                preferred,
                payloadMax & -min, // requests must be whole blocks
                Set.copyOf(contexts));
    }

    private void checkBlockSizes() throws NbdException {
        boolean minIsGood = min >= 1 && min <= 65536 && Integer.bitCount(min) == 1;
        if (!minIsGood || preferred < min || max < min) {
            throw talk.violation("block sizes min %d, preferred %d, max %d".formatted(min, preferred, max));
        }
    }
}
