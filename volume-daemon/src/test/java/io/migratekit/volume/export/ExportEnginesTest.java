package io.migratekit.volume.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.SettingsConfiguration;
import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.NbdUri;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

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

    @Test
    void servesOnASocketInItsFolderWhereNothingIsSet() {
        assertThat(of(Map.of()))
                .isEqualTo(new ExportEngines(
                        folder, new NbdUri.Unix(folder.resolve("nbd.sock")), Optional.empty(), Map.of()));
    }

    @Test
    void servesAtAPortThatIsSet() {
        assertThat(of(Map.of("listen", "nbd://[::1]:10810/")))
                .isEqualTo(new ExportEngines(folder, new NbdUri.Tcp("::1", 10810), Optional.empty(), Map.of()));
    }

    @Test
    void demandsTlsAndTellsClientsWhereTheirCertificatesAre() {
        ExportEngines tls = of(Map.of(
                "listen", "nbds://0.0.0.0/?tls-certificates=/server/pki&tls-hostname=appliance",
                "client-certificates", "/client/pki"));
        assertThat(tls)
                .isEqualTo(new ExportEngines(
                        folder,
                        new NbdUri.Tcp("0.0.0.0", 10809),
                        Optional.of(Path.of("/server/pki")),
                        Map.of("tls-certificates", "/client/pki", "tls-hostname", "appliance")));
    }

    @Test
    void namesTheSettingThatIsWrong() {
        String tls = "nbds://localhost/?tls-certificates=/server/pki";
        refused(Map.of("listen", "localhost:10809"), "volumes.listen", "is no NBD URI");
        refused(Map.of("listen", "nbd://localhost/disk"), "volumes.listen", "no export name");
        refused(Map.of("listen", "nbds://localhost/", "client-certificates", "/pki"), "exactly with nbds");
        refused(Map.of("listen", "nbd://localhost/?tls-certificates=/pki"), "exactly with nbds");
        refused(Map.of("listen", tls), "set migratekit.volumes.client-certificates");
        refused(Map.of("listen", "nbd://localhost/", "client-certificates", "/pki"), "demands no TLS");
        refused(Map.of("client-certificates", "/pki"), "demands no TLS");
    }

    private void refused(Map<String, String> settings, String... words) {
        assertThatThrownBy(() -> of(settings))
                .as("%s", settings)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private ExportEngines of(Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("migratekit.home", folder.toString()));
        settings.forEach((name, value) -> all.put("migratekit.volumes." + name, value));
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", all));
            context.register(SettingsConfiguration.class);
            context.refresh();
            return ExportEngines.of(context.getBean(MigrateKitSettings.class).volumes(), folder);
        }
    }

    private ExportEngines engines() {
        return new ExportEngines(
                folder.resolve("run"), new NbdUri.Unix(folder.resolve("run/nbd.sock")), Optional.empty());
    }
}
