package io.migratekit.shell.vma;

import io.migratekit.config.account.AccountException;
import io.migratekit.config.vault.VaultException;
import io.migratekit.job.JobException;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.vcenter.SeveralAccounts;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.SeveralMachines;
import io.migratekit.volume.web.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Failures of the API's operations as problems. */
final class VmaProblems {
    private VmaProblems() {}

    /** What the API's clients tell apart. */
    private enum Kind {
        NO_SUCH_THING(HttpStatus.NOT_FOUND),
        NEEDS_DECISION(HttpStatus.CONFLICT),
        BUSY(HttpStatus.CONFLICT),
        REFUSED(HttpStatus.UNPROCESSABLE_CONTENT),
        UNTRUSTWORTHY(HttpStatus.BAD_GATEWAY),
        UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),
        USAGE(HttpStatus.BAD_REQUEST),
        FAILED(HttpStatus.INTERNAL_SERVER_ERROR);

        private final HttpStatus status;

        Kind(HttpStatus status) {
            this.status = status;
        }
    }

    /** Returns how a failure looks on the wire, if it is one of those that the operations have. */
    static Optional<Problem> of(Exception failure) {
        return kind(failure)
                .map(kind -> Problem.of(kind.status, kind.name(), String.valueOf(failure.getMessage()))
                        .among(candidates(failure.getCause())));
    }

    /** Returns what a client may choose from, each with what names it for certain; empty where there is no choice. */
    private static List<Map<String, String>> candidates(@Nullable Throwable cause) {
        if (cause instanceof SeveralMachines several) {
            return several.candidates().stream()
                    .map(vm -> ordered("id", vm.instanceUuid(), "name", vm.name(), "path", vm.path()))
                    .toList();
        }
        return cause instanceof SeveralAccounts several
                ? several.candidates().stream()
                        .map(account -> ordered(
                                "vcenter",
                                account.name(),
                                "host",
                                account.host().text(),
                                "username",
                                account.username()))
                        .toList()
                : List.of();
    }

    private static Map<String, String> ordered(
            String first, String one, String second, String two, String third, String three) {
        Map<String, String> candidate = new LinkedHashMap<>();
        candidate.put(first, one);
        candidate.put(second, two);
        candidate.put(third, three);
        return candidate;
    }

    private static Optional<Kind> kind(Exception failure) {
        if (failure instanceof SourceException source) {
            return Optional.of(source(source));
        }
        if (failure instanceof CommandFailure command) {
            return Optional.of(command(command));
        }
        if (failure instanceof AccountException account) {
            return Optional.of(account(account));
        }
        if (failure instanceof JobException job) {
            return Optional.of(job(job));
        }
        return failure instanceof VaultException ? Optional.of(Kind.FAILED) : Optional.empty();
    }

    private static Kind source(SourceException failure) {
        if (failure instanceof SourceException.NotFound) {
            return Kind.NO_SUCH_THING;
        }
        if (failure instanceof SourceException.Unavailable) {
            return Kind.UNAVAILABLE;
        }
        return failure instanceof SourceException.Untrustworthy ? Kind.UNTRUSTWORTHY : Kind.REFUSED;
    }

    private static Kind command(CommandFailure failure) {
        return switch (failure.code()) {
            case NO_SUCH_THING -> Kind.NO_SUCH_THING;
            case NEEDS_DECISION -> Kind.NEEDS_DECISION;
            case BUSY -> Kind.BUSY;
            case USAGE -> Kind.USAGE;
            case FAILED -> Kind.REFUSED;
            case DONE, PARTLY_DONE, INTERRUPTED -> Kind.FAILED;
        };
    }

    private static Kind account(AccountException failure) {
        return switch (failure.kind()) {
            case NO_SUCH_THING -> Kind.NO_SUCH_THING;
            case NEEDS_DECISION -> Kind.NEEDS_DECISION;
            case EXISTS, IN_USE -> Kind.REFUSED;
        };
    }

    private static Kind job(JobException failure) {
        if (failure instanceof JobException.NoSuch) {
            return Kind.NO_SUCH_THING;
        }
        if (failure instanceof JobException.Busy) {
            return Kind.BUSY;
        }
        if (failure instanceof JobException.NeedsDecision) {
            return Kind.NEEDS_DECISION;
        }
        return failure instanceof JobException.Refused refused
                ? refused.usage() ? Kind.USAGE : Kind.REFUSED
                : Kind.FAILED;
    }
}
