package io.migratekit.source.vcenter.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.AboutInfo;
import com.vmware.vim25.ServiceContent;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vddk.Password;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class VCenterSessionIT {
    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static final VCenterSessions SESSIONS = new VCenterSessions(LabAccounts.limits());

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
    }

    @AfterAll
    static void end() throws Exception {
        SESSIONS.close();
        lab.close();
    }

    @BeforeEach
    void clear() throws Exception {
        lab.control().clearScripts();
        SESSIONS.open(LabAccounts.of(lab)).close(); // waits for one that is still away
    }

    @Test
    void logsInWithAPinnedThumbprintAndTellsWhichVCenterItIs() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            assertThat(session.instanceUuid()).isEqualTo(lab.instanceUuid());
            assertThat(session.sha1Thumbprint()).isEqualTo(lab.login().sha1Thumbprint());
        }
    }

    @Test
    void trustsASha1ThumbprintAFileOfAuthoritiesOrNothingAtAll() throws Exception {
        LogIn logIn = new LogIn(LabAccounts.of(lab, new VCenterTrust.Insecure()), LabAccounts.limits());
        logIn.logIn();
        X509Certificate certificate = logIn.client().certificate().orElseThrow();
        Path authorities = Files.writeString(
                folder.resolve("authorities.pem"),
                "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                        .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded())));

        SESSIONS.open(LabAccounts.of(lab, new VCenterTrust.AuthorityFile(authorities)))
                .close();
        String loose = lab.login().sha1Thumbprint().replace(":", "").toLowerCase(Locale.ROOT);
        SESSIONS.open(LabAccounts.of(lab, new VCenterTrust.Thumbprint(loose))).close();
    }

    @Test
    void namesTheCertificateThatItDoesNotTrustAndHowToPinIt() {
        long logins = calls("Login");
        String other = lab.login().sha256Thumbprint().startsWith("00") ? "FF" : "00";
        String wrong = other + lab.login().sha256Thumbprint().substring(2);
        for (VCenterTrust trust :
                new VCenterTrust[] {new VCenterTrust.SystemAuthorities(), new VCenterTrust.Thumbprint(wrong)}) {
            assertThatThrownBy(() -> SESSIONS.open(LabAccounts.of(lab, trust)))
                    .isInstanceOf(SourceException.Refused.class)
                    .hasMessageContaining("CN=lab vCenter")
                    .hasMessageContaining("--thumbprint " + lab.login().sha256Thumbprint());
        }
        assertThat(calls("Login")).as("no password was sent").isEqualTo(logins);
    }

    @Test
    void tellsThatAFileOfAuthoritiesCannotBeRead() {
        VCenterTrust missing = new VCenterTrust.AuthorityFile(folder.resolve("none.pem"));

        assertThatThrownBy(() -> SESSIONS.open(LabAccounts.of(lab, missing)))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("none.pem");
    }

    @Test
    void triesAWrongPasswordOnceAndNeverShowsIt() {
        long logins = calls("Login");
        assertThatThrownBy(() -> SESSIONS.open(LabAccounts.of(lab, "gu<ess&")))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining(lab.login().user())
                .hasMessageContaining("password is wrong")
                .satisfies(e -> assertThat(wholeStory(e)).doesNotContain("gu<ess&", "gu&lt;ess"));
        assertThat(calls("Login")).isEqualTo(logins + 1);
    }

    @Test
    void triesAWrongPasswordOnceForAllJobsAndAgainForAPerson() throws Exception {
        VCenterAccount wrong = LabAccounts.of(lab, "yesterday's");
        long logins = calls("Login");
        for (int job = 0; job < 3; job++) {
            assertThatThrownBy(() -> SESSIONS.open(wrong))
                    .isInstanceOf(SourceException.Refused.class)
                    .hasMessageContaining("password is wrong");
        }
        assertThat(calls("Login")).isEqualTo(logins + 1);
        assertThatThrownBy(() -> SESSIONS.openNow(wrong)).isInstanceOf(SourceException.Refused.class);
        assertThat(calls("Login")).isEqualTo(logins + 2);

        SESSIONS.open(LabAccounts.of(lab)).close();
    }

    @Test
    void tellsALockedAccountFromAWrongPassword() throws Exception {
        lab.control()
                .script(LabScript.call("Login")
                        .fault("InvalidLogin")
                        .message("The account of the user trying to authenticate is locked."));

        assertThatThrownBy(() -> SESSIONS.open(LabAccounts.of(lab)))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("is locked")
                .hasMessageContaining("Unlock it");
    }

    @Test
    void tellsThatTheVCenterIsTooNew() throws Exception {
        lab.control()
                .script(LabScript.call("RetrieveServiceContent")
                        .fault("InvalidRequest")
                        .message("Unsupported version URI \"urn:vim25/6.0\""));

        assertThatThrownBy(() -> SESSIONS.open(LabAccounts.of(lab)))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("version 6.0");
    }

    @Test
    void logsInAgainForEveryCallThatFindsTheSessionEnded() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            long logins = calls("Login");
            for (int i = 0; i < 3; i++) {
                lab.control().expireSessions();
                session.ask("tell its time", LabTime::of);
            }
            assertThat(calls("Login")).isEqualTo(logins + 3);
        }
    }

    @Test
    void givesUpOnAVCenterThatEndsEachSessionAtOnce() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            lab.control().script(LabScript.call("CurrentTime").times(2).fault("NotAuthenticated"));

            assertThatThrownBy(() -> session.ask("tell its time", LabTime::of))
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining("ended the session twice");
            session.ask("tell its time", LabTime::of);
        }
    }

    @Test
    void doesNotTryAPasswordAgainThatStoppedWorking() throws Exception {
        String[] password = {lab.login().password()};
        VCenterAccount account = LabAccounts.of(lab);
        try (VCenterSession session = SESSIONS.open(new VCenterAccount(
                account.name(),
                account.host(),
                account.port(),
                account.user(),
                () -> Password.of(password[0]),
                account.trust()))) {
            password[0] = "changed meanwhile";
            lab.control().expireSessions();
            long logins = calls("Login");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> session.ask("tell its time", LabTime::of))
                        .isInstanceOf(SourceException.Refused.class)
                        .hasMessageContaining("password is wrong");
            }
            assertThat(calls("Login")).isEqualTo(logins + 1);
        }
    }

    @Test
    void asksNothingOfAnotherVCenterAtTheSameAddress() throws Exception {
        LogIn logIn = new LogIn(LabAccounts.of(lab), LabAccounts.limits());
        ServiceContent before = new ServiceContent();
        AboutInfo about = new AboutInfo();
        about.setInstanceUuid("00000000-0000-4000-8000-000000000000");
        before.setAbout(about);
        try (VCenterSession session =
                new VCenterSession(logIn, new Vim(logIn.logIn().api(), before))) {
            lab.control().expireSessions();
            long logins = calls("Login");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> session.ask("tell its time", LabTime::of))
                        .isInstanceOf(SourceException.Untrustworthy.class)
                        .hasMessageContaining("has become another one");
            }
            assertThat(calls("Login")).isEqualTo(logins + 1);
        }
    }

    @Test
    void waitsForAVCenterThatRestartsAndMakesTheCallAgain() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            lab.control().restart(Duration.ofMillis(500));

            assertThat(session.ask("tell its time", LabTime::of)).isPositive();
        }
    }

    @Test
    void givesUpOnAVCenterThatStaysAway() throws Exception {
        VCenterLimits limits = LabAccounts.limits();
        try (VCenterSessions impatient = new VCenterSessions(new VCenterLimits(
                        limits.connectTimeout(),
                        limits.answerTimeout(),
                        Duration.ofMillis(100),
                        limits.firstPause(),
                        limits.keepAlive(),
                        limits.taskTimeout()));
                VCenterSession session = impatient.open(LabAccounts.of(lab))) {
            lab.control().restart(Duration.ofMillis(1500));

            assertThatThrownBy(() -> session.ask("tell its time", LabTime::of))
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining("cannot tell its time")
                    .hasMessageContaining("PT0.1S");
        }
    }

    @Test
    void doesNotMakeAnOrderAgainThatMayHaveBeenCarriedOut() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            int[] made = {0};
            assertThatThrownBy(() -> session.order("do it", vim -> {
                        made[0]++;
                        lab.control().restart(Duration.ofMillis(200));
                        return LabTime.of(vim);
                    }))
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining("cannot do it");
            assertThat(made[0]).isEqualTo(1);
        }
    }

    @Test
    void keepsAnIdleSessionAlive() throws Exception {
        VCenterLimits limits = LabAccounts.limits();
        VCenterLimits brief = new VCenterLimits(
                limits.connectTimeout(),
                limits.answerTimeout(),
                limits.outageMax(),
                limits.firstPause(),
                Duration.ofMillis(10),
                limits.taskTimeout());
        long times = calls("CurrentTime");
        try (VCenterSessions sessions = new VCenterSessions(brief);
                VCenterSession session = sessions.open(LabAccounts.of(lab))) {
            assertThat(session.where()).contains("lab");
            while (calls("CurrentTime") < times + 3) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        VCenterAccount account = new VCenterAccount(
                "gone", "127.0.0.1", port, "user", () -> Password.of("x"), new VCenterTrust.Insecure());

        assertThatThrownBy(() -> SESSIONS.openNow(account))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("gone (127.0.0.1:" + port + ")")
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void namesTheRightThatIsMissing() throws Exception {
        try (VCenterSession session = SESSIONS.open(LabAccounts.of(lab))) {
            lab.control()
                    .script(LabScript.call("CurrentTime")
                            .fault("NoPermission")
                            .details("{\"PrivilegeId\": \"System.View\"}"));

            assertThatThrownBy(() -> session.ask("tell its time", LabTime::of))
                    .isInstanceOf(SourceException.Refused.class)
                    .hasMessageContaining("System.View")
                    .hasCauseInstanceOf(VimFault.class);
        }
    }

    private static long calls(String method) {
        try {
            return lab.control().calls(method);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String wholeStory(Throwable e) {
        StringWriter story = new StringWriter();
        e.printStackTrace(new PrintWriter(story));
        return story.toString();
    }
}
