package io.migratekit.nbd.wire;

/** Numbers of the transmission phase (protocol document, "Transmission" and "Structured reply types"). */
public final class Transmission {
    /** Opens a request. */
    public static final int REQUEST_MAGIC = 0x25609513;

    /** Opens a simple reply: magic (4 bytes), error (4), cookie (8), and for a good READ the data. */
    public static final int SIMPLE_REPLY_MAGIC = 0x67446698;

    /** Opens a chunk of a structured reply: magic (4 bytes), flags (2), type (2), cookie (8), length (4), payload. */
    public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

    public static final int REQUEST_BYTES = 28;
    public static final int SIMPLE_REPLY_BYTES = 16;
    public static final int STRUCTURED_REPLY_BYTES = 20;

    /** Payload ceiling of READ and WRITE where the server names none ("Block size constraints"): 32 MiB. */
    public static final int PAYLOAD_BYTES_MAX = 32 << 20;

    // Transmission flags of an export ("Transmission flags"), 2 bytes.
    public static final int HAS_FLAGS = 1;
    public static final int READ_ONLY = 1 << 1;
    public static final int SEND_FLUSH = 1 << 2;
    public static final int SEND_FUA = 1 << 3;
    public static final int ROTATIONAL = 1 << 4;
    public static final int SEND_TRIM = 1 << 5;
    public static final int SEND_WRITE_ZEROES = 1 << 6;
    public static final int SEND_DF = 1 << 7;
    public static final int CAN_MULTI_CONN = 1 << 8;
    public static final int SEND_CACHE = 1 << 10;
    public static final int SEND_FAST_ZERO = 1 << 11;

    // Command flags, 2 bytes.
    public static final int CMD_FUA = 1;
    public static final int CMD_NO_HOLE = 1 << 1;
    public static final int CMD_DF = 1 << 2;
    public static final int CMD_REQ_ONE = 1 << 3;
    public static final int CMD_FAST_ZERO = 1 << 4;

    // Structured reply flag and types, 2 bytes each.
    public static final int REPLY_DONE = 1;
    public static final int REPLY_NONE = 0;
    public static final int REPLY_OFFSET_DATA = 1;
    public static final int REPLY_OFFSET_HOLE = 2;
    public static final int REPLY_BLOCK_STATUS = 5;

    /** Bit that marks a structured reply type as an error. */
    public static final int REPLY_FLAG_ERROR = 1 << 15;

    public static final int REPLY_ERROR = REPLY_FLAG_ERROR | 1;
    public static final int REPLY_ERROR_OFFSET = REPLY_FLAG_ERROR | 2;

    // base:allocation ("Metadata querying").
    public static final String BASE_ALLOCATION = "base:allocation";
    public static final int STATE_HOLE = 1;
    public static final int STATE_ZERO = 1 << 1;

    /** Prefix of qemu's dirty bitmap contexts; bit 0 of a descriptor says dirty. */
    public static final String QEMU_DIRTY_BITMAP = "qemu:dirty-bitmap:";

    public static final int STATE_DIRTY = 1;

    private Transmission() {}
}
