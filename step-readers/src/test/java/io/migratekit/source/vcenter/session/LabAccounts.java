package io.migratekit.source.vcenter.session;

import io.migratekit.source.vcenter.lab.LabLogin;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vddk.Password;
import java.time.Duration;

/** Accounts at lab vCenters. */
public final class LabAccounts {
    private LabAccounts() {}

    /** Returns limits that a busy machine keeps. */
    public static VCenterLimits limits() {
        return new VCenterLimits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60));
    }

    /** Returns the account of the lab, with its certificate pinned. */
    public static VCenterAccount of(LabVCenter lab) {
        return of(lab, new VCenterTrust.Thumbprint(lab.login().sha256Thumbprint()));
    }

    /** Returns the account of the lab with another trust. */
    public static VCenterAccount of(LabVCenter lab, VCenterTrust trust) {
        LabLogin login = lab.login();
        return new VCenterAccount(
                "lab",
                login.url().getHost(),
                login.url().getPort(),
                login.user(),
                () -> Password.of(login.password()),
                trust);
    }

    /** Returns an account with another password. */
    public static VCenterAccount of(LabVCenter lab, String password) {
        VCenterAccount account = of(lab);
        return new VCenterAccount(
                account.name(),
                account.host(),
                account.port(),
                account.user(),
                () -> Password.of(password),
                account.trust());
    }
}
