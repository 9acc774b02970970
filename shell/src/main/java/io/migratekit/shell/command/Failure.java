package io.migratekit.shell.command;

import io.migratekit.job.JobException;
import io.migratekit.job.replication.Explain;
import io.migratekit.nbd.NbdException;
import io.migratekit.shell.engine.EngineException;
import io.migratekit.shell.line.UsageException;
import io.migratekit.source.SourceException;
import io.migratekit.volume.VolumeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/**
 * The one place where a failure becomes an exit code and a message.
 *
 * @param code what the caller gets
 * @param message what, which and what next; one or a few lines
 * @param expected whether the message says all; otherwise the log has the stack trace
 */
record Failure(ExitCode code, String message, boolean expected) {

    static Failure of(Throwable thrown) {
        if (thrown instanceof UsageException || thrown instanceof IllegalArgumentException) {
            return new Failure(ExitCode.USAGE, text(thrown), true);
        }
        if (thrown instanceof CommandFailure failure) {
            return new Failure(failure.code(), text(failure), true);
        }
        if (thrown instanceof JobException failure) {
            return ofJob(failure);
        }
        if (thrown instanceof VolumeException failure) {
            return ofVolumes(failure);
        }
        if (thrown instanceof EngineException failure) {
            return new Failure(failure.busy() ? ExitCode.BUSY : ExitCode.FAILED, text(failure), false);
        }
        if (thrown instanceof InterruptedException) {
            return new Failure(ExitCode.INTERRUPTED, "interrupted", true);
        }
        if (thrown instanceof SourceException.NotFound) {
            return new Failure(ExitCode.NO_SUCH_THING, text(thrown), true);
        }
        if (thrown instanceof NbdException || thrown instanceof SourceException) {
            return new Failure(ExitCode.FAILED, text(thrown), true);
        }
        if (Explain.isDatabase(thrown)) {
            String message = "the database does not answer: %s. 'doctor' tells more; then try again"
                    .formatted(Explain.databaseMessage(thrown));
            return new Failure(ExitCode.FAILED, message, false);
        }
        return ofFile(thrown);
    }

    static Failure ofJob(JobException thrown) {
        ExitCode code = ExitCode.FAILED;
        boolean expected = true;
        if (thrown instanceof JobException.NoSuch) {
            code = ExitCode.NO_SUCH_THING;
        } else if (thrown instanceof JobException.Busy) {
            code = ExitCode.BUSY;
        } else if (thrown instanceof JobException.NeedsDecision) {
            code = ExitCode.NEEDS_DECISION;
        } else if (thrown instanceof JobException.PartlyDone) {
            code = ExitCode.PARTLY_DONE;
        } else if (thrown instanceof JobException.Refused refused) {
            code = refused.usage() ? ExitCode.USAGE : ExitCode.FAILED;
        } else {
            expected = false;
        }
        return new Failure(code, text(thrown), expected);
    }

    private static Failure ofVolumes(VolumeException thrown) {
        ExitCode code = switch (thrown.kind()) {
            case NO_SUCH_THING -> ExitCode.NO_SUCH_THING;
            case BUSY -> ExitCode.BUSY;
            case REFUSED, NO_ROOM, UNAVAILABLE, FAILED -> ExitCode.FAILED;
        };
        return new Failure(code, text(thrown), thrown.kind() != VolumeException.Kind.FAILED);
    }

    private static Failure ofFile(Throwable thrown) {
        if (thrown instanceof NoSuchFileException) {
            String message = "'%s' does not exist; check the path".formatted(thrown.getMessage());
            return new Failure(ExitCode.NO_SUCH_THING, message, true);
        }
        if (thrown instanceof AccessDeniedException) {
            String message =
                    "'%s' may not be opened by this user; check its owner and mode".formatted(thrown.getMessage());
            return new Failure(ExitCode.FAILED, message, true);
        }
        if (thrown instanceof FileAlreadyExistsException) {
            String message = "'%s' exists already; remove it or choose another".formatted(thrown.getMessage());
            return new Failure(ExitCode.FAILED, message, true);
        }
        return new Failure(ExitCode.FAILED, text(thrown), false);
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }
}
