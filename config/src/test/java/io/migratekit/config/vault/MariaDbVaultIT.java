package io.migratekit.config.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.account.AccountException;
import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.account.VmwareCredentials.Login;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MariaDbVaultIT extends VaultContract {
    private @Nullable MariaDb server;
    private int databases;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = MariaDb.start(data);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    SealedDatabase open() throws Exception {
        MariaDb running = server;
        if (running == null) {
            throw new IllegalStateException("MariaDB was not started");
        }
        String name = "vault" + databases++;
        running.create(name);
        return SealedDatabase.mariaDb(running.url(name));
    }

    @Test
    void keepsCloudsAndVcenters() throws Exception {
        SealedDatabase database = open();
        Vault vault = database.vault(folder.resolve("registry.key"));
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database.source()));
        OsseaConfigs clouds = new OsseaConfigs(database.sql(), transaction, vault, Clock.systemUTC());
        VmwareCredentials vcenters = new VmwareCredentials(database.sql(), transaction, vault, Clock.systemUTC());
        OsseaEndpoint endpoint = OsseaEndpoint.of(SealedDatabase.ENDPOINT);
        OsseaKeys keys = new OsseaKeys(new Secret("api"), new Secret("secret"));
        for (String name : List.of("a", "b", "B")) {
            clouds.add(name, endpoint, OsseaPlace.of("z", "d"), ServerTrust.NONE, keys);
            vcenters.add(
                    name, new Login(new VcenterHost("vc"), "u", Optional.empty()), ServerTrust.NONE, new Secret("p"));
        }
        clouds.use("b");
        clouds.change("b", OsseaPlace.of("z2", "d2"), ServerTrust.AUTHORITIES);
        clouds.replaceKeys("b", new OsseaKeys(new Secret("api2"), new Secret("secret2")));
        vcenters.use("B");
        vcenters.used("B");
        vcenters.remove("a");
        clouds.remove("a");
        vault.rotate();

        assertThat(clouds.active().orElseThrow().place().zone()).isEqualTo("z2");
        assertThat(clouds.list()).extracting(OsseaConfig::active).containsExactly(false, true);
        assertThat(clouds.keys("b").secretKey().reveal()).isEqualTo("secret2");
        assertThat(vcenters.preferred().orElseThrow().uses()).isEqualTo(1);
        assertThat(vcenters.password("B").reveal()).isEqualTo("p");
        assertThatThrownBy(() -> clouds.add("b", endpoint, OsseaPlace.of("z", "d"), ServerTrust.NONE, keys))
                .isInstanceOf(AccountException.class)
                .hasMessageContaining("already");
    }
}
