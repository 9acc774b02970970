package io.migratekit.volume.http;

import org.jspecify.annotations.Nullable;

/**
 * A failure on the wire, {@code application/problem+json} (RFC 9457).
 *
 * @param title the kind in words
 * @param status of HTTP
 * @param detail what, which and what next
 * @param kind the name of a {@link io.migratekit.volume.VolumeException.Kind}, or {@link Problems#USAGE} or {@link
 *     Problems#UNAUTHORIZED}
 */
record Problem(
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String kind) {}
