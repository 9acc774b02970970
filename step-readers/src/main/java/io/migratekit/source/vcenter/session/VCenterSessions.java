package io.migratekit.source.vcenter.session;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.soap.SoapTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Opens sessions and keeps them alive while they idle. One for the whole program. */
public final class VCenterSessions implements AutoCloseable {
    /** A wrong address looks like a vCenter that is away, and whoever mistyped it is waiting. */
    private static final Duration FIRST_LOG_IN_MAX = Duration.ofMinutes(1);

    private final VCenterLimits limits;
    private final ScheduledExecutorService keeper;
    private final RefusedLogIns refused = new RefusedLogIns();
    private final SharedSessions shared = new SharedSessions(this::openShared);
    private final Future<?> endingIdle;

    public VCenterSessions(VCenterLimits limits) {
        this.limits = limits;
        this.keeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "vcenter-keep-alive");
            thread.setDaemon(true);
            return thread;
        });
        this.endingIdle = keeper.scheduleWithFixedDelay(shared::endIdle, 1, 1, TimeUnit.MINUTES);
    }

    /**
     * Logs in.
     *
     * @return the session; close it, as a vCenter has a limited number
     * @throws SourceException.Refused if user, password, rights, address or certificate are to be mended first
     * @throws SourceException.Unavailable if the vCenter does not answer within a minute
     */
    public VCenterSession open(VCenterAccount account) throws SourceException {
        return open(account, limits, false);
    }

    /**
     * Does the same without waiting for a vCenter that is away, and also with a password that was refused a short while
     * ago, for commands of a person who looks whether that was mended.
     */
    public VCenterSession openNow(VCenterAccount account) throws SourceException {
        return open(account, limits.impatient(), true);
    }

    /**
     * Does the same with one session for all who ask, which is kept for some minutes after the last one has closed it.
     * An account that was changed since gets another.
     */
    public VCenterSession share(VCenterAccount account) throws SourceException {
        return shared.take(account);
    }

    /**
     * Asks a vCenter who it is, which it tells without a log-in. The certificate is checked.
     *
     * @return the UUID of its installation, in lower case
     * @throws SourceException if it cannot be asked now
     */
    public String identify(VCenterAccount account) throws SourceException {
        LogIn logIn = new LogIn(account, limits.impatient());
        try {
            return String.valueOf(logIn.connect().content().getAbout().getInstanceUuid())
                    .toLowerCase(Locale.ROOT);
        } catch (SoapTrouble e) {
            throw logIn.explained(e);
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException.Unavailable(
                    "vCenter %s does not tell who it is: %s".formatted(logIn.where(), e.getMessage()), e);
        }
    }

    private VCenterSession openShared(VCenterAccount account) throws SourceException {
        return open(account, limits.impatient(), false);
    }

    private VCenterSession open(VCenterAccount account, VCenterLimits chosen, boolean insists) throws SourceException {
        LogIn logIn = new LogIn(account, chosen, refused, insists);
        VCenterSession session =
                new VCenterSession(logIn, VCenterSession.logInPatiently(logIn, new Outage(chosen, FIRST_LOG_IN_MAX)));
        long pauseMillis = chosen.keepAlive().toMillis();
        session.keptAliveBy(
                keeper.scheduleWithFixedDelay(session::touch, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS));
        return session;
    }

    /** Ends the keeping alive and what is shared; other sessions are closed by those who opened them. */
    @Override
    public void close() {
        endingIdle.cancel(false);
        shared.endAll();
        keeper.shutdownNow();
    }
}
