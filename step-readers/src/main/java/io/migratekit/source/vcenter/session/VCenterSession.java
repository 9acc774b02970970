package io.migratekit.source.vcenter.session;

import com.vmware.vim25.AboutInfo;
import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.NotAuthenticated;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.soap.SoapTrouble;
import io.migratekit.source.vcenter.soap.VimFault;
import java.io.IOException;
import java.rmi.RemoteException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session at one vCenter, for as long as it is open: a server-side session that ended is replaced by a new log-in, and
 * a vCenter that is away is waited for, in both cases with the same call made again. For any thread.
 */
public final class VCenterSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VCenterSession.class);

    private final LogIn logIn;
    private final Vim first;
    private volatile Vim vim; // replaced under this, at each log-in
    private @Nullable SourceException refused; // guarded by this: a log-in that only somebody's hand can mend
    private @Nullable Future<?> keepAlive; // guarded by this
    private volatile @Nullable Runnable giveBack; // instead of ending, where it is shared

    VCenterSession(LogIn logIn, Vim vim) {
        this.logIn = logIn;
        this.first = vim;
        this.vim = vim;
    }

    synchronized void keptAliveBy(Future<?> task) {
        keepAlive = task;
    }

    /** Lets {@link #close} give the session back to those who share it. */
    void sharedBy(Runnable givingBack) {
        giveBack = givingBack;
    }

    /** Tells whether it ended, and logging in again was refused: it is of no more use. */
    synchronized boolean refused() {
        return refused != null;
    }

    /** Returns what the vCenter said of itself at the first log-in. */
    public AboutInfo about() {
        return first.content().getAbout();
    }

    /** Returns the UUID of this installation of vCenter, in lower case. */
    public String instanceUuid() {
        return String.valueOf(about().getInstanceUuid()).toLowerCase(Locale.ROOT);
    }

    /** Names the vCenter for messages. */
    public String where() {
        return logIn.where();
    }

    /** Returns the limits that the session was made with. */
    public VCenterLimits limits() {
        return logIn.limits();
    }

    /** Returns the SHA-1 thumbprint of the certificate that the vCenter shows, which VDDK asks for. */
    public String sha1Thumbprint() throws SourceException {
        return logIn.client()
                .certificate()
                .map(Certificates::sha1)
                .orElseThrow(() -> new SourceException.Unavailable("vCenter " + where() + " showed no certificate"));
    }

    /**
     * Makes calls that do the same when they are made again.
     *
     * @param what they are for, as the end of "vCenter cannot …", for messages
     * @throws SourceException if they fail for good
     */
    public <T> T ask(String what, VimCall<T> call) throws SourceException {
        try {
            return make(what, call, true);
        } catch (VimFault e) {
            throw explained(what, e);
        }
    }

    /**
     * Does the same, but leaves the API's faults to the caller, except those of the session.
     *
     * @throws VimFault to be understood, or else {@link #explained}
     */
    public <T> T attempt(String what, VimCall<T> call) throws SourceException, VimFault {
        return make(what, call, true);
    }

    /**
     * Makes a call that must not be made again once it may have been carried out: that is told as {@link
     * SourceException.Unavailable}.
     *
     * @param what it is for, as the end of "vCenter cannot …", for messages
     * @throws VimFault to be understood, or else {@link #explained}
     */
    public <T> T order(String what, VimCall<T> call) throws SourceException, VimFault {
        now(); // so that it does not go out on a connection or into a session that ended long ago
        return make(what, call, false);
    }

    /** Returns the time by the vCenter's clock. */
    public Instant now() throws SourceException {
        return ask("tell its time", asked -> asked.api().currentTime(serviceInstance()))
                .toInstant();
    }

    /** Uses the session, so that it does not end; one that ended is left to the next call. */
    void touch() {
        try {
            vim.api().currentTime(serviceInstance());
        } catch (IOException | RuntimeException e) {
            LOG.debug("session at {} could not be kept alive: {}", where(), e.getMessage());
        }
    }

    private <T> T make(String what, VimCall<T> call, boolean repeatable) throws SourceException, VimFault {
        Outage outage = new Outage(limits());
        boolean again = false;
        for (; ; ) {
            Vim used = vim;
            try {
                return call.on(used);
            } catch (VimFault e) {
                if (!e.is(NotAuthenticated.class)) {
                    throw e;
                }
                if (again) {
                    throw explained(what, e);
                }
                again = true;
                renew(used, outage);
            } catch (SoapTrouble e) {
                if (!outage.repeat(e, repeatable)) {
                    throw given(what, e, outage);
                }
                again = false; // the vCenter was away, and with it the session
            } catch (SourceException e) {
                throw e;
            } catch (IOException e) {
                throw new SourceException.Unavailable(
                        "vCenter %s cannot %s: %s".formatted(where(), what, e.getMessage()), e);
            }
        }
    }

    /** Logs in again, unless another thread did since {@code used} was current. */
    private synchronized void renew(Vim used, Outage outage) throws SourceException {
        if (!vim.equals(used)) { // each log-in makes another
            return;
        }
        if (refused instanceof SourceException.Untrustworthy) {
            throw new SourceException.Untrustworthy(String.valueOf(refused.getMessage()));
        }
        if (refused != null) {
            throw new SourceException.Refused(String.valueOf(refused.getMessage()), refused);
        }
        LOG.info("the session at vCenter {} has ended; logging in again", where());
        try {
            Vim renewed = logInPatiently(logIn, outage);
            requireSameVCenter(renewed);
            vim = renewed;
        } catch (SourceException.Refused | SourceException.Untrustworthy e) {
            refused = e;
            throw e;
        }
    }

    private void requireSameVCenter(Vim renewed) throws SourceException {
        String now =
                String.valueOf(renewed.content().getAbout().getInstanceUuid()).toLowerCase(Locale.ROOT);
        if (now.equals(instanceUuid())) {
            return;
        }
        try {
            logIn.logOut(renewed);
        } catch (RemoteException | RuntimeException e) {
            LOG.debug("session at {} ends by itself: {}", where(), e.getMessage());
        }
        throw new SourceException.Untrustworthy(
                "vCenter %s has become another one: its instance UUID was %s and is %s. Check where the address leads"
                        .formatted(where(), instanceUuid(), now));
    }

    /** Logs in, waiting for a vCenter that is away. */
    static Vim logInPatiently(LogIn logIn, Outage outage) throws SourceException {
        for (; ; ) {
            try {
                return logIn.logIn();
            } catch (SoapTrouble e) {
                if (!outage.repeat(e, true)) {
                    throw logIn.explained(e);
                }
            } catch (VimFault e) {
                if (!outage.repeat(e)) {
                    throw new SourceException.Unavailable(
                            "vCenter %s cannot let anybody in now: %s".formatted(logIn.where(), e.getMessage()), e);
                }
            } catch (SourceException e) {
                throw e;
            } catch (IOException e) {
                throw new SourceException.Unavailable(
                        "vCenter %s cannot be logged in to: %s".formatted(logIn.where(), e.getMessage()), e);
            }
        }
    }

    private SourceException given(String what, SoapTrouble trouble, Outage outage) {
        if (trouble.kind() == SoapTrouble.Kind.UNTRUSTED) {
            return logIn.explained(trouble);
        }
        return new SourceException.Unavailable(
                "vCenter %s cannot %s: %s%s".formatted(where(), what, trouble.getMessage(), outage.story()), trouble);
    }

    /** Explains a fault of which the caller knows nothing better. */
    public SourceException explained(String what, VimFault fault) {
        if (fault.is(NotAuthenticated.class)) {
            return new SourceException.Unavailable(
                    "vCenter %s cannot %s: it ended the session twice, right after the log-in. Look at its limits of sessions"
                            .formatted(where(), what),
                    fault);
        }
        if (fault.is(NoPermission.class)) {
            Optional<String> privilege = fault.content(NoPermission.class).map(NoPermission::getPrivilegeId);
            return new SourceException.Refused(
                    "vCenter %s may not %s for this user: give it a role with the privilege %s"
                            .formatted(where(), what, privilege.orElse("that is missing (its events name it)")),
                    fault);
        }
        if (fault.is(ManagedObjectNotFound.class)) {
            return new SourceException.NotFound("vCenter %s cannot %s: it is gone".formatted(where(), what));
        }
        return new SourceException.Unavailable(
                "vCenter %s cannot %s: %s".formatted(where(), what, fault.getMessage()), fault);
    }

    private static ManagedObjectReference serviceInstance() {
        return Vim.reference("ServiceInstance", "ServiceInstance");
    }

    /** Logs out, unless others share the session; a vCenter that is away ends it by itself. */
    @Override
    public void close() {
        Runnable shared = giveBack;
        if (shared == null) {
            end();
        } else {
            shared.run();
        }
    }

    /** Logs out, whoever uses it. */
    void end() {
        synchronized (this) {
            if (keepAlive != null) {
                keepAlive.cancel(true);
            }
        }
        try {
            logIn.logOut(vim);
        } catch (RemoteException | RuntimeException e) {
            LOG.debug("session at {} ends by itself: {}", where(), e.getMessage());
        }
    }
}
