package io.migratekit.source.vcenter.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vddk.Password;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One session of an account serves all who ask. */
@NeedsPeer("go")
final class SharedSessionsIT {
    @TempDir
    Path folder;

    private LabVCenter lab;
    private VCenterSessions sessions;
    private String password = "";

    @BeforeEach
    void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
        sessions = new VCenterSessions(LabAccounts.limits());
    }

    @AfterEach
    void end() throws Exception {
        sessions.close();
        lab.close();
    }

    @Test
    void manyAtOnceAndOneAfterTheOtherLogInOnceAndOutWithTheProgram() throws Exception {
        VCenterAccount account = LabAccounts.of(lab);
        ExecutorService many = Executors.newFixedThreadPool(8);
        try {
            List<Callable<VCenterSession>> asking = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                asking.add(() -> {
                    try (VCenterSession session = sessions.share(account)) {
                        session.now();
                        return session;
                    }
                });
            }
            List<VCenterSession> used = new ArrayList<>();
            for (Future<VCenterSession> one : many.invokeAll(asking)) {
                used.add(one.get());
            }
            assertThat(used).containsOnly(used.get(0));
        } finally {
            many.shutdownNow();
        }
        lab.control().expireSessions();
        try (VCenterSession session = sessions.share(account)) {
            session.now();
        }
        assertThat(logIns()).as("the second, as the vCenter ended the first").isEqualTo(2);
        assertThat(lab.control().calls("Logout")).isZero();

        sessions.close();

        assertThat(lab.control().calls("Logout")).isOne();
    }

    @Test
    void anAccountThatWasChangedGetsAnotherSessionAndTheEarlierOneEndsWithItsLastUser() throws Exception {
        password = lab.login().password();
        VCenterAccount usual = LabAccounts.of(lab);
        VCenterAccount account = new VCenterAccount(
                usual.name(), usual.host(), usual.port(), usual.user(), () -> Password.of(password), usual.trust());
        VCenterSession earlier = sessions.share(account);
        password = "another";

        assertThatThrownBy(() -> sessions.share(account)).isInstanceOf(SourceException.Refused.class);
        earlier.now();
        assertThat(lab.control().calls("Logout")).as("it is in use").isZero();
        earlier.close();
        assertThat(lab.control().calls("Logout")).isOne();

        password = lab.login().password();
        try (VCenterSession later = sessions.share(account)) {
            assertThat(later).isNotSameAs(earlier);
            later.now();
        }
        assertThat(logIns()).isEqualTo(3);
    }

    private long logIns() throws IOException {
        return lab.control().calls("Login");
    }
}
