package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.vault.Secret;
import io.migratekit.config.vault.VaultException;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.compute.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A configured cloud behind TLS, opened from its row. */
final class CloudAccountsTest {
    private static final OsseaKeys KEYS =
            new OsseaKeys(new Secret(CloudServer.API_KEY), new Secret(CloudServer.SECRET_KEY));

    @TempDir
    static Path certificates;

    private static KeyStore server;
    private static JdbcConnectionPool source;

    @TempDir
    Path folder;

    private CloudServer cloud;
    private AnnotationConfigApplicationContext context;
    private OsseaConfigs configs;
    private CloudAccounts accounts;

    @BeforeAll
    static void makeCertificates() throws Exception {
        SelfSigned.folder(certificates);
        server = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.resolve("server.p12"))) {
            server.load(in, "password".toCharArray());
        }
    }

    @BeforeAll
    static void migrate() {
        String url =
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID());
        source = JdbcConnectionPool.create(url, "sa", "");
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/h2", "classpath:db/migration/common")
                .load()
                .migrate();
    }

    @BeforeEach
    void start() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(server, "password".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        cloud = CloudServer.withTls(folder, tls);
        context = context(folder);
        configs = context.getBean(OsseaConfigs.class);
        accounts = context.getBean(CloudAccounts.class);
    }

    @AfterEach
    void stop() {
        cloud.close();
        context.getBean(JdbcClient.class).sql("DELETE FROM ossea_configs").update();
        context.close();
    }

    @Test
    void opensTheActiveCloudByItsAuthority() {
        assertThat(accounts.active("here-1")).isEmpty();
        add(ServerTrust.inAuthority(certificates.resolve("server-cert.pem")));

        CloudStack open = accounts.active("here-1").orElseThrow();
        assertThat(open.catalog().zones()).extracting(Catalog.Zone::name).containsExactly("zone one");
        assertThat(open.volumes().owned()).isEmpty();
    }

    @Test
    void opensACloudByItsThumbprintWhateverItsName() throws Exception {
        for (String algorithm : new String[] {"SHA-256", "SHA-1"}) {
            OsseaConfig config = add(ServerTrust.inCertificate(thumbprint(algorithm, "server")));
            assertThat(accounts.catalog(config).zones()).hasSize(1);
            configs.remove(config.name());
        }
    }

    @Test
    void asksAnybodyWhereThatIsWanted() {
        assertThat(accounts.catalog(add(ServerTrust.NONE)).zones()).hasSize(1);
    }

    @Test
    void tellsTheThumbprintOfACertificateThatNobodyVouchesFor() throws Exception {
        OsseaConfig config = add(ServerTrust.AUTHORITIES);
        DaemonHealth seen = accounts.inspect(config);

        assertThat(seen.healthy()).isFalse();
        assertThat(seen.checks().get(0).detail())
                .contains("the system's authorities do not vouch for", thumbprint("SHA-256", "server"), "--ca-file");
        refused(ServerTrust.inAuthority(certificates.resolve("client-cert.pem")), "the authorities in");
        assertThat(cloud.asked("listZones")).isZero();
    }

    @Test
    void refusesAnotherCertificateThanThePinnedOne() throws Exception {
        String server = thumbprint("SHA-256", "server");
        String other = (server.startsWith("AA") ? "BB:" : "AA:") + server.substring(3);
        refused(ServerTrust.inCertificate(other), "and not " + other, "stands in for the server");
        assertThat(cloud.asked("listZones")).isZero();
    }

    @Test
    void refusesAnAuthoritysFileThatHoldsNone() throws IOException {
        Path none = Files.writeString(folder.resolve("none.pem"), "hello");
        refused(ServerTrust.inAuthority(none), "none.pem", "BEGIN");
        refused(ServerTrust.inAuthority(folder.resolve("missing.pem")), "missing.pem", "NoSuchFile");
    }

    @Test
    void opensNothingWithoutTheVaultsKey() throws IOException {
        OsseaConfig config = add(ServerTrust.NONE);
        Files.delete(folder.resolve("vault.key"));
        assertThatThrownBy(() -> accounts.inspect(config))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("vault.key");
    }

    private void refused(ServerTrust trust, String... words) {
        assertThatThrownBy(
                        () -> accounts.catalog(OsseaEndpoint.of(cloud.endpoint().toString()), trust, KEYS)
                                .zones())
                .isInstanceOf(VolumeException.class)
                .hasMessageContainingAll(words);
    }

    private OsseaConfig add(ServerTrust trust) {
        return configs.add(
                "main",
                OsseaEndpoint.of(cloud.endpoint().toString()),
                OsseaPlace.of(CloudState.ZONE, CloudState.DISK_OFFERING),
                trust,
                KEYS);
    }

    private static String thumbprint(String algorithm, String alias) throws Exception {
        byte[] digest = MessageDigest.getInstance(algorithm)
                .digest(Optional.ofNullable(server.getCertificate(alias))
                        .orElseThrow()
                        .getEncoded());
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    }

    private static AnnotationConfigApplicationContext context(Path home) {
        MigrateKitSettings settings = new Binder(
                        new MapConfigurationPropertySource(Map.of("migratekit.home", home.toString())))
                .bind("migratekit", MigrateKitSettings.class)
                .get();
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
        context.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new DataSourceTransactionManager(source)));
        context.registerBean(Clock.class, Clock::systemUTC);
        context.registerBean(MigrateKitSettings.class, () -> settings);
        context.register(CloudConfiguration.class);
        context.refresh();
        return context;
    }
}
