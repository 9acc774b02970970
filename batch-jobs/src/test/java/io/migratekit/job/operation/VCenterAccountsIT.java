package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.vault.Secret;
import io.migratekit.job.JobException;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.lab.LabControl;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** By which account a machine is read, and what a job says of one that does not lead there. */
@NeedsPeer({"go", "nbdkit"})
@Timeout(120)
@ExtendWith(VCenterJobs.Shared.class)
final class VCenterAccountsIT {
    private static final int CAPACITY = (1 << 20) + 512;

    private static VCenterJobs jobs;
    private static VmwareCredentials credentials;

    @BeforeAll
    static void start(VCenterJobs shared) throws Exception {
        jobs = shared;
        credentials = jobs.get(VmwareCredentials.class);
    }

    @AfterEach
    void restore() throws Exception {
        jobs.lab().control().clearScripts();
        credentials.replacePassword("lab", new Secret(jobs.lab().login().password()));
        credentials.trust("lab", ServerTrust.inCertificate(jobs.lab().login().sha256Thumbprint()));
        for (String name : List.of("second", "other")) {
            if (credentials.find(name).isPresent()) {
                credentials.remove(name);
            }
        }
        Files.deleteIfExists(jobs.lab().images().resolve("others"));
    }

    @Test
    void aMachineIsReadByTheAccountThatItWasAddedByAndByNoOtherOfTheSameAddress() throws Exception {
        jobs.account("second", jobs.lab());
        VCenterGuest guest = jobs.add(
                "remembering", LabMachineSpec.named("remembering").disk(CAPACITY), jobs.lab(), "second", CAPACITY);
        long firsts = credentials.show("lab").uses();

        jobs.replicate(guest.write(5));

        assertThat(credentials.preferred().orElseThrow().name()).isEqualTo("lab");
        assertThat(credentials.show("second").uses()).isPositive();
        assertThat(credentials.show("lab").uses()).isEqualTo(firsts);
        credentials.remove("second");
        jobs.replicate(guest.write(1));
        assertThat(credentials.show("lab").uses())
                .as("the other one leads there as well")
                .isGreaterThan(firsts);
    }

    @Test
    void equalNamesInTwoVCentersAreTwoMachines(@TempDir Path folder) throws Exception {
        try (LabVCenter other = LabFixture.start(folder, LabInventory.empty())) {
            jobs.account("other", other);
            jobs.lab().readsAlso(other);
            VCenterGuest here =
                    jobs.add("same here", LabMachineSpec.named("same").disk(CAPACITY), CAPACITY);
            VCenterGuest there =
                    jobs.add("same there", LabMachineSpec.named("same").disk(CAPACITY), other, "other", CAPACITY);

            jobs.replicate(here.write(5));
            jobs.replicate(there.write(7));
        }
    }

    @Test
    void aPasswordAnAccountAndACertificateThatDoNotDoAreToldAfterOneTry() throws Exception {
        LabControl control = jobs.lab().control();
        VCenterGuest guest = jobs.add("kept out", CAPACITY);
        credentials.replacePassword("lab", new Secret("gue&ss<1>"));
        long logins = control.calls("Login");
        assertThat(jobs.fails(guest, JobException.Failed.class))
                .hasMessageContaining("user or password is wrong")
                .hasMessageContaining("vcenter password lab")
                .hasMessageNotContaining("gue&");
        assertThat(control.calls("Login")).isEqualTo(logins + 1);
        assertThat(jobs.status(guest)).isEqualTo("failed");
        restore();

        control.script(LabScript.call("Login")
                .fault("InvalidLogin")
                .message("The account of the user trying to authenticate is locked."));
        assertThat(jobs.fails(guest, JobException.Failed.class))
                .hasMessageContaining("is locked")
                .hasMessageContaining("Unlock it");

        String thumbprint = jobs.lab().login().sha256Thumbprint();
        credentials.trust(
                "lab",
                ServerTrust.inCertificate((thumbprint.startsWith("00") ? "FF" : "00") + thumbprint.substring(2)));
        assertThat(jobs.fails(guest, JobException.Failed.class))
                .hasMessageContaining("shows a certificate that is not trusted")
                .hasMessageContaining("--thumbprint " + thumbprint);
        restore();

        jobs.replicate(guest.write(3));
    }
}
