package io.migratekit.nbd.wire;

/**
 * What a client may ask of an export once negotiated (protocol document, "Request types"). A request on the wire:
 * {@link Transmission#REQUEST_MAGIC} (4 bytes), command flags (2), type (2), cookie (8), offset (8), length (4), and
 * for {@link #WRITE} the data.
 */
public enum Command {
    READ(0),
    WRITE(1),
    DISCONNECT(2),
    FLUSH(3),
    TRIM(4),
    CACHE(5),
    WRITE_ZEROES(6),
    BLOCK_STATUS(7);

    private static final Command[] BY_CODE = values();

    /** Type on the wire, 2 bytes. */
    public final short code;

    Command(int code) {
        this.code = (short) code;
    }

    /** Tells whether {@code code} names a command that we speak. */
    public static boolean known(int code) {
        return code >= 0 && code < BY_CODE.length;
    }

    /**
     * Returns the command of a request's type field.
     *
     * @throws IllegalArgumentException if {@link #known} is false
     */
    public static Command of(int code) {
        if (!known(code)) {
            throw new IllegalArgumentException("NBD command %d; 0 to %d are known".formatted(code, BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }

    /** Tells whether a repetition after an unknown outcome leaves the export as one execution would. */
    public boolean repeatable() {
        return switch (this) {
            case READ, WRITE, FLUSH, TRIM, CACHE, WRITE_ZEROES, BLOCK_STATUS -> true;
            case DISCONNECT -> false;
        };
    }
}
