package io.migratekit.volume.http;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Failures into problems and back: what is thrown in the daemon is thrown again in the client. */
final class Problems {
    /** Longer ones are not ours. */
    private static final int BYTES_MAX = 1 << 20;

    private Problems() {}

    /** Returns how a failure looks on the wire, if it is one of the daemon's. */
    static Optional<Problem> of(Exception failure) {
        return failure instanceof VolumeException known
                ? Optional.of(Problem.of(status(known.kind()), known.kind().name(), String.valueOf(known.getMessage())))
                : Optional.empty();
    }

    private static HttpStatus status(Kind kind) {
        return switch (kind) {
            case NO_SUCH_THING -> HttpStatus.NOT_FOUND;
            case REFUSED -> HttpStatus.UNPROCESSABLE_CONTENT;
            case BUSY -> HttpStatus.CONFLICT;
            case NO_ROOM -> HttpStatus.INSUFFICIENT_STORAGE;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case FAILED -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    /** Returns what to throw for an answer that is no success. */
    static RuntimeException read(ClientHttpResponse response, String endpoint, AccessToken token) throws IOException {
        int status = response.getStatusCode().value();
        Problem problem = problem(response);
        String kind = problem == null || problem.kind() == null ? "" : problem.kind();
        String detail = problem == null || problem.detail() == null ? "" : problem.detail();
        if (kind.equals(Problem.USAGE)) {
            return new IllegalArgumentException(detail);
        }
        if (kind.equals(Problem.UNAUTHORIZED)) {
            return new VolumeException(
                    Kind.REFUSED,
                    "the volume daemon at %s does not know the token in %s; use the file of the daemon's home (migratekit.volumes.token-file)"
                            .formatted(endpoint, token.file()),
                    new Stranger(status));
        }
        return Arrays.stream(Kind.values())
                .filter(candidate -> candidate.name().equals(kind))
                .findFirst()
                .map(known -> new VolumeException(known, detail))
                .orElseGet(() -> stranger(endpoint, status));
    }

    static VolumeException stranger(String endpoint, int status) {
        return new VolumeException(
                Kind.FAILED,
                "what answers at %s (status %d) is no volume daemon, or one of another version; look who listens there"
                        .formatted(endpoint, status),
                new Stranger(status));
    }

    private static @Nullable Problem problem(ClientHttpResponse response) throws IOException {
        try (InputStream body = response.getBody()) {
            return JsonMapper.shared().readValue(body.readNBytes(BYTES_MAX), Problem.class);
        } catch (JacksonException e) {
            return null; // no problem of ours; the status says the rest
        }
    }

    /** Marks failures of somebody who is not the daemon of this database: the daemon may have gone elsewhere. */
    static final class Stranger extends IOException {
        private static final long serialVersionUID = 1;

        Stranger(int status) {
            super("status " + status);
        }
    }
}
