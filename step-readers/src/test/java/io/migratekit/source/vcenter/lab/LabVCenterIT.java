package io.migratekit.source.vcenter.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class LabVCenterIT {
    @TempDir
    Path folder;

    @Test
    void startsTellsWhereItIsAndEnds() throws Exception {
        try (LabVCenter lab = LabFixture.start(folder, LabInventory.machines(2))) {
            assertThat(lab.login().url()).hasHost("127.0.0.1").hasScheme("https");
            assertThat(lab.login().sha256Thumbprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
            assertThat(lab.control().calls("Login")).isZero();
        }
        assertThat(folder).isDirectoryNotContaining("glob:**govcsim-*");
    }
}
