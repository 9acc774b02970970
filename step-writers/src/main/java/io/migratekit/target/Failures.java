package io.migratekit.target;

import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;

/** What an error of a request means for the copy. */
final class Failures {
    private Failures() {}

    /** Tells whether the same request may succeed later. */
    static boolean mayPass(ErrorCode error) {
        return switch (error) {
            case EIO, ENOMEM, ESHUTDOWN -> true;
            case EPERM, EINVAL, ENOSPC, EOVERFLOW, ENOTSUP -> false;
        };
    }

    static String words(Peer peer, NbdRequest request, ErrorCode error) {
        return NbdClient.failure(peer.uri(), request, error);
    }

    static CopyException of(Peer peer, NbdRequest request, ErrorCode error) {
        String words = words(peer, request, error) + peer.knownReason() + ". ";
        if (request.command() == Command.FLUSH) {
            return new CopyException.Unflushed(words + flushAdvice());
        }
        return error == ErrorCode.ENOSPC
                ? new CopyException.NoRoom(words + advice(error))
                : new CopyException.Refused(words + advice(error));
    }

    /** A flush is not tried again: after a failed one the server may have dropped what it could not write. */
    private static String flushAdvice() {
        return "What was written since the last commit may not be on the disk: check the storage behind the export, then run the same command; it writes that again";
    }

    private static String advice(ErrorCode error) {
        return switch (error) {
            case ENOSPC ->
                "The storage behind the export is full: make room, then run the same command, without --mode full; a copy goes on from its last commit";
            case EPERM -> "The server does not allow it: check that the export is writable for us";
            case EIO ->
                "It failed on every attempt: check the disk behind the export, then run the same command, without --mode full; a copy goes on from its last commit";
            case ENOMEM, ESHUTDOWN -> "The server kept refusing: check its load and state, then run the same command";
            case EINVAL, EOVERFLOW, ENOTSUP ->
                "The server does not take such a request: check its size and block-size settings";
        };
    }
}
