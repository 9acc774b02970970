package io.migratekit.source.vcenter.soap;

import java.rmi.RemoteException;

/**
 * A call without an answer. {@link #kind} says whether it may have been carried out. The message names neither the call's
 * content nor a secret.
 */
public final class SoapTrouble extends RemoteException {
    /** What is known of the call. */
    public enum Kind {
        /** There was no connection to send it on: it was not carried out. */
        UNREACHABLE,
        /** The server is there and says that it cannot serve now, as while it starts: it was not carried out. */
        NOT_READY,
        /** The server's certificate is not trusted: it was not carried out, and will not be. */
        UNTRUSTED,
        /** It was sent, and no answer came: it may have been carried out. */
        LOST,
        /** An answer came that is none of vSphere's: it may have been carried out. */
        GARBLED
    }

    private final Kind kind;
    private final String words;

    SoapTrouble(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.words = message;
    }

    SoapTrouble(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.words = message;
    }

    /** Returns what is known of the call. */
    public Kind kind() {
        return kind;
    }

    /** Returns the message without the cause's, which {@link RemoteException} would append. */
    @Override
    public String getMessage() {
        return words;
    }
}
