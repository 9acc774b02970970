package io.migratekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

final class MigrateKitSettingsTest {

    @Test
    void defaultsBind() {
        MigrateKitSettings settings = bind(Map.of());

        assertThat(settings.home()).isEqualTo(Path.of("/srv/migratekit"));
        assertThat(settings.copy().partitionsPerDisk()).isBetween(2, 4);
        assertThat(settings.chunk().bytes()).isEqualTo(DataSize.ofMegabytes(256));
        assertThat(settings.chunk().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.replication().fallback()).isEqualTo(Replication.Fallback.AUTO);
        assertThat(settings.jobs().keep()).isEqualTo(Duration.ofDays(90));
        assertThat(settings.jobs().keepHistory()).isEqualTo(Duration.ofDays(1095));
        assertThat(settings.vddk().pluginArguments()).isEmpty();
        assertThat(settings.vddk().transports()).containsExactly(Vddk.Transport.NBDSSL, Vddk.Transport.NBD);
        assertThat(settings.vcenter().fullCopy()).isEqualTo(Vcenter.FullCopy.AUTO);
        assertThat(settings.vma().port()).isEqualTo(8081);
        assertThat(settings.vma().address()).isEqualTo("127.0.0.1");
        assertThat(settings.vma().shutdownTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void valuesAreReadWithTheirUnits() {
        MigrateKitSettings settings = bind(Map.of(
                "migratekit.copy.request-size", "1MB",
                "migratekit.lease.timeout", "2m",
                "migratekit.replication.fallback", "ask"));

        assertThat(settings.copy().requestSize()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(settings.lease().timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.replication().fallback()).isEqualTo(Replication.Fallback.ASK);
    }

    @Test
    void pathsThatMayBeLeftOutAreRead() {
        try (AnnotationConfigApplicationContext program = new AnnotationConfigApplicationContext()) {
            program.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "application.yml",
                            Map.of("migratekit.home", "/srv/migratekit", "migratekit.volumes.pool", "/srv/pool")));
            program.register(SettingsConfiguration.class);
            program.refresh();
            VolumeDaemon volumes = program.getBean(MigrateKitSettings.class).volumes();
            assertThat(volumes.pool()).contains(Path.of("/srv/pool"));
            assertThat(volumes.tokenFile()).isEmpty();
        }
    }

    @Test
    void aValueOutOfRangeIsRefusedWithSettingValueAndRange() {
        refused(
                "migratekit.copy.partitions-per-disk",
                "65",
                "migratekit.copy.partitions-per-disk is 65; it must be 1 to 64");
        refused("migratekit.copy.request-size", "64MB", "migratekit.copy.request-size is 64MB; it must be 64KB to 4MB");
        refused(
                "migratekit.copy.request-size",
                "384KB",
                "migratekit.copy.request-size is 384KB; it must be a power of two");
        refused("migratekit.copy.window", "128KB", "migratekit.copy.window is 128KB; it must be 2MB to 1024MB");
        refused("migratekit.chunk.interval", "5ms", "migratekit.chunk.interval is 5ms; it must be 100ms to 600s");
        refused("migratekit.lease.timeout", "2s", "migratekit.lease.timeout is 2s; it must be 5s to 3600s");
        refused(
                "migratekit.replication.stop-timeout",
                "0s",
                "migratekit.replication.stop-timeout is 0s; it must be 1s to 3600s");
        refused("migratekit.vma.port", "70000", "migratekit.vma.port is 70000; it must be 0 to 65535");
        refused(
                "migratekit.vma.shutdown-timeout",
                "2h",
                "migratekit.vma.shutdown-timeout is 7200s; it must be 0s to 3600s");
        refused("migratekit.vddk.connections", "5", "migratekit.vddk.connections is 5; it must be 2 to 4");
        refused("migratekit.vddk.nbdkit", "nbdkit", "migratekit.vddk.nbdkit is 'nbdkit'; an absolute path is needed");
        refused(
                "migratekit.vcenter.task-timeout",
                "5s",
                "migratekit.vcenter.task-timeout is 5s; it must be 60s to 604800s");
    }

    @Test
    void applicationYmlParsesAndKeepsBatchAndFlywayInTheirPlaces() throws Exception {
        var yaml = new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yml"))
                .get(0);

        assertThat(yaml.getProperty("spring.batch.job.enabled")).isEqualTo(false);
        assertThat(yaml.getProperty("spring.batch.jdbc.initialize-schema")).isEqualTo("never");
        assertThat(String.valueOf(yaml.getProperty("spring.datasource.url")))
                .contains("WRITE_DELAY=0", "AUTO_SERVER=TRUE", "MODE=MySQL")
                .doesNotContain("DB_CLOSE_ON_EXIT");
    }

    private static void refused(String setting, String value, String message) {
        assertThatThrownBy(() -> bind(Map.of(setting, value))).rootCause().hasMessage(message);
    }

    private static MigrateKitSettings bind(Map<String, String> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("migratekit.home", "/srv/migratekit");
        ApplicationConversionService conversions = new ApplicationConversionService();
        conversions.addConverter(new OptionalPathConverter());
        return new Binder(List.of(new MapConfigurationPropertySource(all)), null, conversions)
                .bind("migratekit", Bindable.of(MigrateKitSettings.class))
                .get();
    }
}
