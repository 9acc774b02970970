package io.migratekit.job.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.account.VmwareCredentials.Login;
import io.migratekit.config.vault.Secret;
import io.migratekit.job.JobsApp;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.job.ledger.Origin;
import io.migratekit.source.DiskKey;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredAccountsTest {
    private static final String VCENTER = "24c36c61-4e02-4e2a-85ee-d362e4d184cd";
    private static final String MACHINE = "b4689bed-97f0-5bcd-8a4c-07477cc8f06f";
    private static final String SHA1 = "38:8C:8F:45:B5:D8:20:B0:D3:27:4F:C7:20:58:CA:EB:E4:A1:D4:EA";

    @TempDir
    Path folder;

    @Test
    void thoseAtTheAddressOfAVmComeFirstThenTheDefaultOne() throws IOException {
        try (JobsApp app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class)) {
            VmwareCredentials credentials = app.get(VmwareCredentials.class);
            add(credentials, "main", "vc.example", ServerTrust.AUTHORITIES);
            add(credentials, "lab", "[::1]:8443", ServerTrust.inCertificate(SHA1));
            add(credentials, "other", "other.example", ServerTrust.NONE);
            VCenterAccounts accounts = app.get(VCenterAccounts.class);
            credentials.use("other");
            assertThat(names(accounts)).containsExactly("other", "lab", "main");

            NewDisk disk = new NewDisk(
                    new DiskKey("2000"), new VCenterRef(VCENTER, MACHINE, 2000).toSourceRef(), Optional.empty());
            app.get(Machines.class)
                    .add(
                            "ctx-1",
                            "web",
                            new Origin("vc.example", MACHINE, "/DC0/vm/web", "DC0", "other"),
                            List.of(disk));
            assertThat(names(accounts)).containsExactly("main", "other", "lab");
            assertThat(accounts.candidates(VCENTER, "web"))
                    .extracting(VCenterAccount::name)
                    .containsExactly("other", "main", "lab");

            VCenterAccount lab = accounts.named("lab").orElseThrow();
            assertThat(lab.host()).isEqualTo("::1");
            assertThat(lab.port()).isEqualTo(8443);
            assertThat(lab.trust()).isEqualTo(new VCenterTrust.Thumbprint(SHA1));
            assertThat(lab.toString()).doesNotContain("pass");
            credentials.replacePassword("lab", new Secret("pass-new"));
            assertThat(lab.secret().get().reveal()).isEqualTo("pass-new");
            assertThat(credentials.show("lab").uses()).isEqualTo(1);
            assertThat(accounts.named("nobody")).isEmpty();
        }
    }

    private static void add(VmwareCredentials credentials, String name, String host, ServerTrust trust) {
        credentials.add(
                name, new Login(new VcenterHost(host), "root", Optional.empty()), trust, new Secret("pass-old"));
    }

    private static List<String> names(VCenterAccounts accounts) throws IOException {
        return accounts.candidates(VCENTER, "another").stream()
                .map(VCenterAccount::name)
                .toList();
    }
}
