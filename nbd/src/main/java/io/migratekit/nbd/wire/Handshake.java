package io.migratekit.nbd.wire;

/**
 * Numbers of the fixed newstyle negotiation (protocol document, "Newstyle negotiation" and "Option types").
 *
 * <p>Greeting of the server: {@link #NBD_MAGIC} (8 bytes), {@link #OPTION_MAGIC} (8 bytes), handshake flags (2 bytes);
 * the client answers with its flags (4 bytes), then sends options: {@link #OPTION_MAGIC} (8), option (4), length (4),
 * data. An option reply: {@link #OPTION_REPLY_MAGIC} (8), option (4), reply type (4), length (4), data.
 */
public final class Handshake {
    /** "NBDMAGIC". */
    public static final long NBD_MAGIC = 0x4e42444d41474943L;

    /** "IHAVEOPT", in the greeting and before every option of the client. */
    public static final long OPTION_MAGIC = 0x49484156454f5054L;

    /** Before every reply to an option. */
    public static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;

    /** Handshake flag of both sides: fixed newstyle is spoken. */
    public static final int FLAG_FIXED_NEWSTYLE = 1;

    /** Handshake flag of both sides: the 124 zero bytes after an answer to EXPORT_NAME are left out. */
    public static final int FLAG_NO_ZEROES = 1 << 1;

    /** Port of NBD over TCP where the URI names none. */
    public static final int DEFAULT_PORT = 10809;

    /** Names longer than this are refused by both sides ("Values": strings SHOULD be at most 4096 bytes). */
    public static final int STRING_BYTES_MAX = 4096;

    /** Options and their replies longer than this end the connection; no option that we speak needs more. */
    public static final int OPTION_BYTES_MAX = 64 * 1024;

    public static final int OPT_EXPORT_NAME = 1;
    public static final int OPT_ABORT = 2;
    public static final int OPT_LIST = 3;
    public static final int OPT_STARTTLS = 5;
    public static final int OPT_INFO = 6;
    public static final int OPT_GO = 7;
    public static final int OPT_STRUCTURED_REPLY = 8;
    public static final int OPT_LIST_META_CONTEXT = 9;
    public static final int OPT_SET_META_CONTEXT = 10;

    public static final int REP_ACK = 1;
    public static final int REP_SERVER = 2;
    public static final int REP_INFO = 3;
    public static final int REP_META_CONTEXT = 4;

    /** Bit that marks a reply as an error. */
    public static final int REP_FLAG_ERROR = 1 << 31;

    public static final int REP_ERR_UNSUP = REP_FLAG_ERROR | 1;
    public static final int REP_ERR_POLICY = REP_FLAG_ERROR | 2;
    public static final int REP_ERR_INVALID = REP_FLAG_ERROR | 3;
    public static final int REP_ERR_PLATFORM = REP_FLAG_ERROR | 4;
    public static final int REP_ERR_TLS_REQD = REP_FLAG_ERROR | 5;
    public static final int REP_ERR_UNKNOWN = REP_FLAG_ERROR | 6;
    public static final int REP_ERR_SHUTDOWN = REP_FLAG_ERROR | 7;
    public static final int REP_ERR_BLOCK_SIZE_REQD = REP_FLAG_ERROR | 8;
    public static final int REP_ERR_TOO_BIG = REP_FLAG_ERROR | 9;

    public static final int INFO_EXPORT = 0;
    public static final int INFO_NAME = 1;
    public static final int INFO_DESCRIPTION = 2;
    public static final int INFO_BLOCK_SIZE = 3;

    /** Zero bytes after the answer to EXPORT_NAME unless {@link #FLAG_NO_ZEROES} was agreed. */
    public static final int EXPORT_NAME_PADDING_BYTES = 124;

    private Handshake() {}
}
