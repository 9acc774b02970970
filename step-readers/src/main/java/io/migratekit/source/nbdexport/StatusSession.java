package io.migratekit.source.nbdexport;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.client.StatusRun;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for block status that comes back after it was lost: the same question is then asked again, if the
 * export still is what it was. Thread-confined.
 */
final class StatusSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusSession.class);

    private final ExportQuestion question;
    private final ExportInfo expected;
    private final ClientOptions options;
    private final Reconnect reconnect;
    private final QuestionLength length = new QuestionLength();
    private @Nullable NbdClient client;

    StatusSession(ExportQuestion question, ExportInfo expected, ClientOptions options, Reconnect reconnect) {
        this.question = question;
        this.expected = expected;
        this.options = question.applyTo(options);
        this.reconnect = reconnect;
    }

    /** Returns the status of what begins at {@code startBytes}: at least one run. */
    List<StatusRun> status(String context, long startBytes) throws IOException {
        long giveUpNanos = System.nanoTime() + reconnect.timeout().toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                return ask(context, startBytes);
            } catch (NbdException.Disconnected e) {
                close();
                pauseOrGiveUp(e, attempt, giveUpNanos);
            } catch (NbdException.Violation e) {
                throw new SourceException.Untrustworthy(e.getMessage());
            } catch (NbdException.RequestFailed e) {
                throw new SourceException.ChangesUnknown(
                        "%s cannot tell %s from offset %d: %s"
                                .formatted(question.uri(), context, startBytes, e.getMessage()),
                        e);
            }
        }
    }

    private List<StatusRun> ask(String context, long startBytes) throws IOException {
        NbdClient connected = client;
        if (connected == null) {
            connected = NbdClient.connect(question.uri(), options);
            client = connected;
            checkSame(connected.export(), context);
        }
        List<StatusRun> runs =
                connected.blockStatus(context, startBytes, Math.min(expected.sizeBytes() - startBytes, length.bytes()));
        length.answered(runs.size());
        return runs;
    }

    private void checkSame(ExportInfo now, String context) throws SourceException {
        if (now.sizeBytes() != expected.sizeBytes()) {
            throw new SourceException.Untrustworthy(
                    "%s had %d bytes and has %d now: it is another disk. Start the replication again"
                            .formatted(question.uri(), expected.sizeBytes(), now.sizeBytes()));
        }
        if (!now.metaContexts().contains(context)) {
            throw new SourceException.ChangesUnknown(
                    "%s no longer offers %s since it came back".formatted(question.uri(), context));
        }
    }

    private void pauseOrGiveUp(NbdException.Disconnected e, int attempt, long giveUpNanos) throws SourceException {
        long pauseMillis = reconnect.pauseMillis(attempt);
        if (System.nanoTime() + pauseMillis * 1_000_000 > giveUpNanos) {
            throw new SourceException.Unavailable(
                    "%s is gone, also after %d tries in %d s. Start its server, then restart the job"
                            .formatted(
                                    question.uri(),
                                    attempt + 1,
                                    reconnect.timeout().toSeconds()),
                    e);
        }
        LOG.warn("{}; trying again in {} ms (try {})", e.getMessage(), pauseMillis, attempt + 1);
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable("interrupted while waiting for " + question.uri(), e);
        }
    }

    @Override
    public void close() {
        NbdClient connected = client;
        client = null;
        if (connected != null) {
            connected.close();
        }
    }
}
