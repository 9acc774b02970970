package io.migratekit.volume.web;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Every failure of a request becomes a problem that says what, which and what next; the log keeps defects. */
@RestControllerAdvice
public final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** How Java begins to say that a word names no constant of an enum, with the name of our class behind it. */
    private static final String NO_CONSTANT = "No enum constant";

    private final String server;
    private final Function<Exception, Optional<Problem>> known;

    /**
     * Makes one.
     *
     * @param server what people call the server, as in "the volume daemon"
     * @param known problems of the failures that the server's operations have
     */
    public ProblemAdvice(String server, Function<Exception, Optional<Problem>> known) {
        this.server = server;
        this.known = known;
    }

    @ExceptionHandler
    ResponseEntity<Problem> answer(Exception failure) {
        return known.apply(failure).orElseGet(() -> problem(failure)).answer();
    }

    private Problem problem(Exception failure) {
        if (deepest(failure) instanceof BodyLimit.TooLarge large) {
            return Problem.of(HttpStatus.CONTENT_TOO_LARGE, Problem.USAGE, text(large));
        }
        if (failure instanceof IllegalArgumentException
                || failure instanceof MethodArgumentTypeMismatchException
                || failure instanceof HttpMessageNotReadableException) {
            return Problem.of(HttpStatus.BAD_REQUEST, Problem.USAGE, reason(failure));
        }
        if (failure instanceof ErrorResponse mistake) { // no such path, wrong method, wrong type of content
            HttpStatus status = HttpStatus.valueOf(mistake.getStatusCode().value());
            return Problem.of(status, Problem.USAGE, text(failure));
        }
        if (failure instanceof DataIntegrityViolationException) { // to be asked again would not help
            LOG.error("the database refuses what a request would store", failure);
            return Problem.of(
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    "FAILED",
                    "%s's database refuses what was asked (%s); its log has the details"
                            .formatted(server, text(deepest(failure))));
        }
        if (failure instanceof DataAccessException || failure instanceof TransactionException) {
            LOG.error("the database did not answer a request", failure);
            return Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "UNAVAILABLE",
                    "%s's database does not answer (%s); 'doctor' tells more, then try again"
                            .formatted(server, text(deepest(failure))));
        }
        LOG.error("a request failed in a way that nobody expected", failure);
        return Problem.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "FAILED",
                "%s failed (%s); its log has the details".formatted(server, failure));
    }

    /** A value that refuses to be born says why, deep in the exceptions of whoever tried to make it. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass() == IllegalArgumentException.class
                    && !text(cause).startsWith(NO_CONSTANT)) {
                return text(cause);
            }
        }
        if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
            return "'%s' is no value for '%s'".formatted(mismatch.getValue(), mismatch.getName());
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException misread) {
                return Misread.text(misread);
            }
        }
        if (failure instanceof HttpMessageNotReadableException) {
            return "the body of the request is missing or cannot be read";
        }
        return text(deepest(failure));
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            deepest = cause;
        }
        return deepest;
    }

    private static String text(@Nullable Throwable failure) {
        return failure == null || failure.getMessage() == null ? String.valueOf(failure) : failure.getMessage();
    }
}
