package io.migratekit.source.vcenter.session;

import com.vmware.vim25.InvalidLogin;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.ServiceContent;
import com.vmware.vim25.ws.VimStub;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.soap.SoapClient;
import io.migratekit.source.vcenter.soap.SoapTrouble;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vddk.Password;
import java.io.IOException;
import java.net.URI;
import java.rmi.RemoteException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;

/** Makes connections of one account and logs in. Tries nothing twice: a wrong password tried twice locks an account. */
final class LogIn {
    private final VCenterAccount account;
    private final VCenterLimits limits;
    private final TrustDecision trust;
    private final SoapClient client;
    private final RefusedLogIns refused;
    private final boolean insists;

    LogIn(VCenterAccount account, VCenterLimits limits) throws SourceException {
        this(account, limits, new RefusedLogIns(), true);
    }

    /**
     * Makes one.
     *
     * @param refused passwords that are not tried again
     * @param insists whether they are all the same, as a person asks for it, who may know better
     */
    LogIn(VCenterAccount account, VCenterLimits limits, RefusedLogIns refused, boolean insists) throws SourceException {
        this.insists = insists;
        this.account = account;
        this.refused = refused;
        this.limits = limits;
        this.trust = trust(account);
        this.client = new SoapClient(
                URI.create("https://%s:%d/sdk"
                        .formatted(
                                account.host().contains(":") ? "[" + account.host() + "]" : account.host(),
                                account.port())),
                trust.context(),
                limits.connectTimeout(),
                limits.answerTimeout());
    }

    private static TrustDecision trust(VCenterAccount account) throws SourceException {
        try {
            return new TrustDecision(account.trust());
        } catch (IOException e) {
            throw new SourceException.Refused(
                    "the authorities of vCenter %s in '%s' cannot be read: %s; name a PEM file with their certificates"
                            .formatted(
                                    account.name(),
                                    account.trust() instanceof VCenterTrust.AuthorityFile named ? named.file() : "",
                                    e.getMessage()),
                    e);
        }
    }

    SoapClient client() {
        return client;
    }

    VCenterLimits limits() {
        return limits;
    }

    /**
     * Logs in.
     *
     * @throws SourceException.Refused if that needs somebody's hand
     * @throws SoapTrouble if the vCenter does not answer
     */
    Vim logIn() throws IOException {
        Password password = account.secret().get();
        if (!insists) {
            refused.check(account, password);
        }
        Vim vim = connect();
        try {
            vim.api().login(vim.content().getSessionManager(), account.user(), password.reveal(), null);
        } catch (VimFault e) {
            IOException refusal = refusal(e);
            if (e.is(InvalidLogin.class) && !isLocked(e)) { // a lock ends by itself
                refused.remember(account, password, String.valueOf(refusal.getMessage()));
            }
            throw refusal;
        }
        refused.forget(account);
        return vim;
    }

    /** Does the same, but without logging in: only what a vCenter tells everybody can be asked for. */
    Vim connect() throws IOException {
        client.forgetSession();
        VimStub api = new VimStub(client);
        ServiceContent content = content(api);
        if (content == null || content.getAbout() == null || content.getSessionManager() == null) {
            throw new SourceException.Refused(
                    "%s answers, but not as a vCenter does; check host and port".formatted(account.address()));
        }
        if (!"VirtualCenter".equals(content.getAbout().getApiType())) {
            throw new SourceException.Refused("%s is an ESXi host (%s); name the vCenter that it belongs to"
                    .formatted(account.address(), content.getAbout().getFullName()));
        }
        return new Vim(api, content);
    }

    private ServiceContent content(VimStub api) throws IOException {
        try {
            return api.retrieveServiceContent(Vim.reference("ServiceInstance", "ServiceInstance"));
        } catch (VimFault e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("unsupported version")) {
                throw new SourceException.Refused(
                        "vCenter %s does not speak version 6.0 of vSphere's API any more: %s. Look for a newer MigrateKit"
                                .formatted(where(), e.getMessage()),
                        e);
            }
            throw e;
        }
    }

    private static boolean isLocked(VimFault fault) {
        return String.valueOf(fault.getMessage()).toLowerCase(Locale.ROOT).contains("locked");
    }

    private IOException refusal(VimFault fault) {
        String words = String.valueOf(fault.getMessage());
        if (isLocked(fault)) {
            return new SourceException.Refused(
                    "user %s of vCenter %s is locked: %s. Unlock it in vCenter's user administration, or wait until its lock ends; then try again"
                            .formatted(account.user(), where(), words));
        }
        if (fault.is(InvalidLogin.class)) {
            return new SourceException.Refused(
                    "vCenter %s does not let %s in: user or password is wrong, or the user is locked. Enter the right one with 'vcenter password %s'; this one is not tried again by itself"
                            .formatted(where(), account.user(), account.name()));
        }
        if (fault.is(NoPermission.class)) {
            return new SourceException.Refused(
                    "user %s has no right to log in to vCenter %s: give it a role on the vCenter's top object"
                            .formatted(account.user(), where()));
        }
        return fault;
    }

    /** Explains a vCenter that does not answer. */
    SourceException explained(SoapTrouble trouble) {
        Optional<X509Certificate> refused = trust.refused();
        if (trouble.kind() != SoapTrouble.Kind.UNTRUSTED || refused.isEmpty()) {
            return new SourceException.Unavailable(
                    "vCenter %s does not serve: %s".formatted(where(), trouble.getMessage()), trouble);
        }
        X509Certificate certificate = refused.get();
        String shown = "vCenter %s shows a certificate that is not trusted: %s (SHA-256 %s)"
                .formatted(where(), certificate.getSubjectX500Principal().getName(), Certificates.sha256(certificate));
        return new SourceException.Refused(shown + ". " + remedy(certificate), trouble);
    }

    private String remedy(X509Certificate certificate) {
        String pin = "--thumbprint " + Certificates.sha256(certificate);
        if (account.trust() instanceof VCenterTrust.Thumbprint) {
            return "Another one is pinned: if this vCenter's certificate was replaced, pin the new one with " + pin;
        }
        if (account.trust() instanceof VCenterTrust.AuthorityFile named) {
            return "It was not issued for %s by the authorities in '%s': name the file of the right ones, or, if it is the vCenter's own, pin it with %s"
                    .formatted(account.host(), named.file(), pin);
        }
        return "If it is the vCenter's own, pin it with %s, or name its authorities with --ca-file".formatted(pin);
    }

    /** Names the vCenter for messages. */
    String where() {
        return account.name().equals(account.address())
                ? account.address()
                : "%s (%s)".formatted(account.name(), account.address());
    }

    /** Ends the session on the server; it would end by itself later. */
    void logOut(Vim vim) throws RemoteException {
        vim.api().logout(vim.content().getSessionManager());
        client.forgetSession();
    }
}
