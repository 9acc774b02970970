package io.migratekit.config.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.migratekit.config.account.AccountException.Kind;
import io.migratekit.config.vault.SealedDatabase;
import io.migratekit.config.vault.SealedState;
import io.migratekit.config.vault.Secret;
import io.migratekit.config.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

final class OsseaConfigsTest {
    private static final OsseaEndpoint CLOUD = OsseaEndpoint.of("https://cloud.example/client/api");
    private static final OsseaPlace PLACE = OsseaPlace.of("zone-1", "disk-1");
    private static final OsseaKeys KEYS = new OsseaKeys(new Secret("the-api-key"), new Secret("the-secret-key"));

    @TempDir
    Path folder;

    private SealedDatabase database;
    private Vault vault;
    private OsseaConfigs configs;

    @BeforeEach
    void open() {
        database = SealedDatabase.inMemory();
        vault = database.vault(folder.resolve("vault.key"));
        configs = new OsseaConfigs(
                database.sql(),
                new TransactionTemplate(new DataSourceTransactionManager(database.source())),
                vault,
                Clock.systemUTC());
    }

    @Test
    void keepsACloudAndOpensItsKeysAlone() {
        OsseaPlace place = new OsseaPlace(
                "zone-1", "disk-1", Optional.of("so"), Optional.of("net"), Optional.empty(), Optional.of("vm-7"));
        ServerTrust trust = ServerTrust.inAuthority(Path.of("/etc/ca.pem"));
        OsseaConfig added = configs.add("prod eu", CLOUD, place, trust, KEYS);

        assertThat(configs.list()).containsExactly(added);
        assertThat(added.active()).isTrue();
        assertThat(added.place()).isEqualTo(place);
        assertThat(added.trust()).isEqualTo(trust);
        assertThat(configs.keys("prod eu").secretKey().reveal()).isEqualTo("the-secret-key");
        assertThat(configs.keys("prod eu").apiKey().reveal()).isEqualTo("the-api-key");
        assertThat(added + " " + configs.keys("prod eu") + stored()).doesNotContain("the-api-key", "the-secret-key");
    }

    @Test
    void hasOneActiveCloudOfSeveral() {
        add("a");
        assertThat(add("b").active()).isFalse();
        configs.use("b");
        assertThat(configs.active()).map(OsseaConfig::name).contains("b");
        assertThat(configs.list()).filteredOn(OsseaConfig::active).hasSize(1);
        configs.remove("b");
        assertThat(configs.active()).isEmpty();
        refused(Kind.NO_SUCH_THING, () -> configs.use("b"), "'b'", "ossea list");

        database.sql().sql("UPDATE ossea_configs SET is_active = 1").update();
        add("c");
        database.sql().sql("UPDATE ossea_configs SET is_active = 1").update();
        refused(Kind.NEEDS_DECISION, configs::active, "a, c", "ossea use");
    }

    @Test
    void takesANameOnce() {
        add("a");
        refused(Kind.EXISTS, () -> add("a"), "'a' already", "ossea set");
        refused(Kind.EXISTS, () -> configs.requireFree("a"), "'a' already");
        assertThat(configs.list()).hasSize(1);
    }

    @Test
    void replacesKeysAndPlaceAndKeepsTheRest() {
        add("a");
        configs.replaceKeys("a", new OsseaKeys(new Secret("new-api"), new Secret("new-secret")));
        OsseaConfig changed = configs.change("a", OsseaPlace.of("zone-2", "disk-2"), ServerTrust.NONE);
        vault.rotate();

        assertThat(changed.place().zone()).isEqualTo("zone-2");
        assertThat(changed.trust().insecure()).isTrue();
        assertThat(configs.keys("a").apiKey().reveal()).isEqualTo("new-api");
        assertThat(configs.keys("a").secretKey().reveal()).isEqualTo("new-secret");
        refused(Kind.NO_SUCH_THING, () -> configs.replaceKeys("b", KEYS), "'b'");
        refused(Kind.NO_SUCH_THING, () -> configs.change("b", PLACE, ServerTrust.NONE), "'b'");
        refused(Kind.NO_SUCH_THING, () -> configs.keys("b"), "'b'");
    }

    @Test
    void keepsACloudThatHasVolumes() {
        add("a");
        database.sql()
                .sql(
                        "INSERT INTO ossea_volumes (volume_id, volume_name, backend, size_bytes, size_gb, status, created_at,"
                                + " updated_at) VALUES ('v', 'web01-0', 'ossea:a', 1, 1, 'available', NOW(), NOW())")
                .update();

        refused(Kind.IN_USE, () -> configs.remove("a"), "1 volume(s)", "'web01-0'");
        assertThat(configs.find("a")).isPresent();
    }

    @Test
    void tellsWhichSecretsOpenAndWhichDoNot() throws Exception {
        add("a");
        database.sql()
                .sql("UPDATE ossea_configs SET secret_key_sealed = 'plain'")
                .update();
        assertThat(vault.contents()).hasSize(2);
        List<SealedState> states = vault.inspect();
        assertThat(states.get(0).problem()).isEmpty();
        assertThat(states.get(1).problem().orElseThrow()).contains("unknown form");

        Files.delete(folder.resolve("vault.key"));
        assertThat(vault.inspect().get(0).problem().orElseThrow()).contains("vault.key", "from its copy");
        assertThat(vault.contents().get(0).owner().toString()).isEqualTo("the API key of OSSEA configuration 'a'");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Cloud.Example:443/client/api/, https://cloud.example/client/api",
        "https://cloud.example:8443/client//api, https://cloud.example:8443/client/api",
        "' http://[::1]:8080/client/api ', http://[::1]:8080/client/api",
        "https://cloud.example, https://cloud.example"
    })
    void writesAnEndpointInOneWay(String typed, String kept) {
        assertThat(OsseaEndpoint.of(typed)).hasToString(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:pass-word@cloud/client/api",
                "ftp://pass-word/",
                "cloud.example",
                "https:///client/api",
                "https://cloud/api?apikey=pass-word",
                "https://cloud/pass-word\u0007"
            })
    void refusesAnEndpointWithoutRepeatingWhatMayBeSecret(String typed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OsseaEndpoint.of(typed))
                .withMessageContaining("https://cloud.example.com/client/api")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pass-word"))
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }

    @Test
    void asksWithoutTlsOnlyWhereThatIsSaid() {
        OsseaEndpoint plain = OsseaEndpoint.of("http://cloud.example/client/api");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configs.add("a", plain, PLACE, ServerTrust.AUTHORITIES, KEYS))
                .withMessageContaining("--insecure");
        configs.add("a", plain, PLACE, ServerTrust.NONE, KEYS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configs.change("a", PLACE, ServerTrust.AUTHORITIES))
                .withMessageContaining("without TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "-a", "a/b", "a\n", "a'b"})
    void refusesWhatIsNoName(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> add(name)).withMessageContaining("is no name");
    }

    @Test
    void readsThumbprintsInEveryUsualForm() {
        String sha1 = "0123456789abcdef0123456789ABCDEF01234567";
        assertThat(ServerTrust.inCertificate(sha1).thumbprint())
                .contains("01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67");
        assertThat(ServerTrust.inCertificate("aa:".repeat(31) + "aa").thumbprint())
                .contains("AA:".repeat(31) + "AA");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTrust.inCertificate("aabb"))
                .withMessageContaining("openssl x509 -fingerprint");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerTrust(Optional.of(Path.of("/ca")), Optional.of(sha1), false))
                .withMessageContaining("one of the three");
    }

    private OsseaConfig add(String name) {
        return configs.add(name, CLOUD, PLACE, ServerTrust.AUTHORITIES, KEYS);
    }

    private String stored() {
        return database.sql()
                .sql("SELECT * FROM ossea_configs")
                .query()
                .listOfRows()
                .toString();
    }

    private static void refused(Kind kind, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .asInstanceOf(type(AccountException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(words));
    }
}
