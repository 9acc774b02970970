package io.migratekit.volume.web;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A failure on the wire, {@code application/problem+json} (RFC 9457).
 *
 * @param title the kind in words
 * @param status of HTTP
 * @param detail what, which and what next
 * @param kind a stable word of the API, in upper case, or {@link #USAGE} or {@link #UNAUTHORIZED}
 */
public record Problem(
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String kind) {
    /** Kind of what is refused because it is malformed. */
    public static final String USAGE = "USAGE";

    /** Kind of requests without the token. */
    public static final String UNAUTHORIZED = "UNAUTHORIZED";

    /** Makes one of a kind. */
    public static Problem of(HttpStatus status, String kind, String detail) {
        return new Problem(kind.toLowerCase(Locale.ROOT).replace('_', ' '), status.value(), detail, kind);
    }

    /** Returns it as the answer to a request. */
    public ResponseEntity<Problem> answer() {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(this);
    }
}
