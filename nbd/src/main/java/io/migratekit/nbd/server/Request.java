package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A request as it stands on the wire (protocol document, "Request message"), not yet checked against an export.
 *
 * @param flags command flags
 * @param type command number, known or not
 * @param cookie comes back in the reply
 * @param offsetBytes as sent; above 2^63 it reads as negative
 * @param lengthBytes 0 to 2^32 - 1
 */
record Request(int flags, int type, long cookie, long offsetBytes, long lengthBytes) {

    static Request decode(ByteBuffer in) throws ProtocolBreach {
        int magic = in.getInt(); // request magic, 4 bytes
        if (magic != Transmission.REQUEST_MAGIC) {
            throw new ProtocolBreach("%08x where a request should begin".formatted(magic));
        }
        return new Request(
                in.getShort() & 0xffff, // command flags, 2 bytes
                in.getShort() & 0xffff, // type, 2 bytes
                in.getLong(), // cookie, 8 bytes
                in.getLong(), // offset, 8 bytes
                in.getInt() & 0xffff_ffffL); // length, 4 bytes
    }

    boolean is(Command command) {
        return type == command.code;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    long endBytes() {
        return offsetBytes + lengthBytes;
    }

    /** Tells why the export cannot do this; empty if it can. */
    Optional<ErrorCode> refusal(Export export, boolean structured) {
        if (!Command.known(type)) {
            return Optional.of(ErrorCode.EINVAL);
        }
        Command command = Command.of(type);
        if ((flags & ~flagsAllowed(command, structured)) != 0) {
            return Optional.of(ErrorCode.EINVAL);
        }
        if (command == Command.FLUSH) {
            return offsetBytes == 0 && lengthBytes == 0 ? Optional.empty() : Optional.of(ErrorCode.EINVAL);
        }
        if (changes(command) && export.readOnly()) {
            return Optional.of(ErrorCode.EPERM);
        }
        return rangeRefusal(command, export.sizeBytes());
    }

    private Optional<ErrorCode> rangeRefusal(Command command, long sizeBytes) {
        boolean carriesPayload = command == Command.READ || command == Command.WRITE;
        if (lengthBytes == 0 || (carriesPayload && lengthBytes > Transmission.PAYLOAD_BYTES_MAX)) {
            return Optional.of(ErrorCode.EINVAL);
        }
        if (offsetBytes >= 0 && offsetBytes <= sizeBytes && lengthBytes <= sizeBytes - offsetBytes) {
            return Optional.empty();
        }
        boolean writes = command == Command.WRITE || command == Command.WRITE_ZEROES;
        return Optional.of(writes ? ErrorCode.ENOSPC : ErrorCode.EINVAL);
    }

    private static boolean changes(Command command) {
        return command == Command.WRITE || command == Command.WRITE_ZEROES || command == Command.TRIM;
    }

    /** FUA is allowed everywhere and means nothing where nothing is written. */
    private static int flagsAllowed(Command command, boolean structured) {
        return Transmission.CMD_FUA
                | switch (command) {
                    case READ -> structured ? Transmission.CMD_DF : 0;
                    case WRITE_ZEROES -> Transmission.CMD_NO_HOLE | Transmission.CMD_FAST_ZERO;
                    case BLOCK_STATUS -> Transmission.CMD_REQ_ONE;
                    case WRITE, DISCONNECT, FLUSH, TRIM, CACHE -> 0;
                };
    }
}
