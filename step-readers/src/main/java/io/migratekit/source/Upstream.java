package io.migratekit.source;

import java.time.Duration;
import java.util.Optional;

/**
 * What stands behind the server of a disk, such as a vCenter and its hosts behind nbdkit: it may be away while the server
 * answers, with nothing but input/output errors, and is opened anew with each new connection. Readers ask before they try
 * again. For any thread.
 */
public interface Upstream {
    /** Nothing: an error is the disk's own, and a new connection changes nothing about it. */
    Upstream NONE = new Upstream() {
        @Override
        public Duration patience() {
            return Duration.ZERO;
        }

        @Override
        public Optional<String> failed(String seen) {
            return Optional.empty();
        }

        @Override
        public boolean serves() {
            return true;
        }
    };

    /** Returns how long a reader tries again, each time on a new connection, while nothing can be read; 0 if that is of no use. */
    Duration patience();

    /**
     * Hears that a read failed or a connection was lost, before that is tried again.
     *
     * @param seen what the reader saw
     * @return what is known of why, for people; without secrets
     * @throws SourceException if trying again is of no use before somebody has changed something, with what that is
     */
    Optional<String> failed(String seen) throws SourceException;

    /**
     * Tries whether anything of the disk can be read at this moment, on a connection of its own: if so, a read that fails
     * fails by what is there, else it says nothing.
     */
    boolean serves();
}
