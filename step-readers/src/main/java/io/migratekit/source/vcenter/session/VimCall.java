package io.migratekit.source.vcenter.session;

import java.io.IOException;

/**
 * One or more calls of the API. Made again from the start where the session ended or the vCenter was away.
 *
 * @param <T> what they come to
 */
@FunctionalInterface
public interface VimCall<T> {
    /** Makes the calls. */
    T on(Vim vim) throws IOException;
}
