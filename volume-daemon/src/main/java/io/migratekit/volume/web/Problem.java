package io.migratekit.volume.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param candidates what the request may mean, each with what names it for certain; left out where there is no choice
 */
public record Problem(
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String kind,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Map<String, String>> candidates) {
    /** Kind of what is refused because it is malformed. */
    public static final String USAGE = "USAGE";

    /** Kind of requests without the token. */
    public static final String UNAUTHORIZED = "UNAUTHORIZED";

    /** Makes one of a kind. */
    public static Problem of(HttpStatus status, String kind, String detail) {
        return new Problem(kind.toLowerCase(Locale.ROOT).replace('_', ' '), status.value(), detail, kind, null);
    }

    /** Returns the same with what the request may mean, if there is any. */
    public Problem among(List<Map<String, String>> choice) {
        return choice.isEmpty() ? this : new Problem(title, status, detail, kind, List.copyOf(choice));
    }

    /** Returns it as the answer to a request. */
    public ResponseEntity<Problem> answer() {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(this);
    }
}
