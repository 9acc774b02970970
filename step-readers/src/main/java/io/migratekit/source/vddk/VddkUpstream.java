package io.migratekit.source.vddk;

import io.migratekit.nbd.NbdException;
import io.migratekit.source.SourceException;
import io.migratekit.source.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The vCenter and the hosts behind a disk, as far as nbdkit tells of them. What nobody but a person can mend ends every
 * reader: each new connection is a log-in, and a wrong password that is tried over and over locks its account.
 */
final class VddkUpstream implements Upstream {
    private final NbdkitExplanation explanation;
    private final LogInSecret secret;
    private final Duration patience;
    private final Supplier<Optional<Nbdkit>> serving;
    private @Nullable Nbdkit heard; // guarded by this: whose words were taken last
    private long mark; // guarded by this: up to where
    private @Nullable SourceException verdict; // guarded by this

    VddkUpstream(
            NbdkitExplanation explanation, LogInSecret secret, Duration patience, Supplier<Optional<Nbdkit>> serving) {
        this.explanation = explanation;
        this.secret = secret;
        this.patience = patience;
        this.serving = serving;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public synchronized Optional<String> failed(String seen) throws SourceException {
        List<String> printed = new ArrayList<>(news());
        printed.add(seen); // a log-in that failed is told to the client alone
        Optional<KnownFailure.Found> found = KnownFailure.in(printed);
        if (found.filter(known -> known.failure() == KnownFailure.LOGIN).isPresent()) {
            secret.refuse();
        } else if (verdict == null && found.isPresent() && found.get().failure().lasts()) {
            verdict = explanation.because(seen, printed);
        }
        secret.check(); // nbdkit may have been ended for it already; another password lifts it
        if (verdict != null) {
            throw verdict;
        }
        return found.map(KnownFailure.Found::text);
    }

    @Override
    public boolean serves() {
        Optional<Nbdkit> now = serving.get();
        try {
            if (now.isPresent()) {
                now.get().tryRead();
            }
            return now.isPresent();
        } catch (NbdException e) {
            return false; // the reader's own try will tell why
        }
    }

    private List<String> news() {
        Optional<Nbdkit> now = serving.get();
        if (now.isEmpty()) {
            return List.of();
        }
        NbdkitOutput output = now.get().output();
        long from = now.get() == heard ? mark : 0;
        heard = now.get();
        List<String> lines = output.since(from);
        mark = output.mark();
        return lines;
    }
}
