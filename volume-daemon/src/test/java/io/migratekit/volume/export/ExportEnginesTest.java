package io.migratekit.volume.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.NbdUri;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportEnginesTest {
    @TempDir
    Path folder;

    @Test
    void namesThePackageWhereQemuIsWantedAndMissing() {
        ExportEngineContract.assertRefused(
                () -> engines().choose(VolumeDaemon.Engine.QEMU, Optional.empty()), "qemu-system-common");
    }

    @Test
    void takesTheEmbeddedEngineWhereQemuIsMissing() {
        try (ExportEngine engine = engines().choose(VolumeDaemon.Engine.AUTO, Optional.empty())) {
            assertThat(engine.name()).isEqualTo("embedded");
        }
    }

    @Test
    void tellsWhetherWhatItChoosesServesQcow2() {
        Optional<Path> program = Optional.of(folder.resolve("qemu-storage-daemon"));
        assertThat(ExportEngines.servesQcow2(VolumeDaemon.Engine.AUTO, program)).isTrue();
        assertThat(ExportEngines.servesQcow2(VolumeDaemon.Engine.AUTO, Optional.empty()))
                .isFalse();
        assertThat(ExportEngines.servesQcow2(VolumeDaemon.Engine.EMBEDDED, program))
                .isFalse();
    }

    @Test
    void looksForTheProgramInEveryFolderOfThePath() {
        assertThat(DaemonProcess.programOn(folder + "::" + folder.resolve("none")))
                .isEmpty();
    }

    private ExportEngines engines() {
        return new ExportEngines(
                folder.resolve("run"), new NbdUri.Unix(folder.resolve("run/nbd.sock")), Optional.empty());
    }
}
