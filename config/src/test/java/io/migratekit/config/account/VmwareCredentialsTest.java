package io.migratekit.config.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.migratekit.config.account.AccountException.Kind;
import io.migratekit.config.account.VmwareCredentials.Login;
import io.migratekit.config.vault.SealedDatabase;
import io.migratekit.config.vault.Secret;
import io.migratekit.config.vault.Vault;
import java.nio.file.Path;
import java.time.Clock;
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

final class VmwareCredentialsTest {
    private static final Login LOGIN =
            new Login(new VcenterHost("vc.example"), "migratekit@vsphere.local", Optional.of("DC 1"));
    private static final Secret PASSWORD = new Secret("pass-wörd");

    @TempDir
    Path folder;

    private SealedDatabase database;
    private Vault vault;
    private VmwareCredentials credentials;

    @BeforeEach
    void open() {
        database = SealedDatabase.inMemory();
        vault = database.vault(folder.resolve("vault.key"));
        credentials = new VmwareCredentials(
                database.sql(),
                new TransactionTemplate(new DataSourceTransactionManager(database.source())),
                vault,
                Clock.systemUTC());
    }

    @Test
    void keepsAVcenterAndOpensItsPasswordAlone() {
        VmwareCredential added = credentials.add("vc1", LOGIN, ServerTrust.inCertificate("ab".repeat(20)), PASSWORD);

        assertThat(credentials.list()).containsExactly(added);
        assertThat(added.preferred()).isTrue();
        assertThat(added.datacenter()).contains("DC 1");
        assertThat(added.trust().thumbprint()).contains("AB:".repeat(19) + "AB");
        assertThat(credentials.password("vc1").reveal()).isEqualTo("pass-wörd");
        assertThat(added + stored()).doesNotContain("pass-wörd");
    }

    @Test
    void prefersOneOfSeveral() {
        add("a");
        assertThat(add("b").preferred()).isFalse();
        credentials.use("b");
        assertThat(credentials.preferred()).map(VmwareCredential::name).contains("b");
        assertThat(credentials.list()).filteredOn(VmwareCredential::preferred).hasSize(1);
        refused(Kind.EXISTS, () -> add("a"), "'a' already", "vcenter password");
        refused(Kind.NO_SUCH_THING, () -> credentials.use("c"), "'c'", "vcenter list");
        database.sql().sql("UPDATE vmware_credentials SET is_default = 1").update();
        refused(Kind.NEEDS_DECISION, credentials::preferred, "a, b");
    }

    @Test
    void replacesThePasswordAndCountsUses() {
        add("a");
        credentials.replacePassword("a", new Secret("another"));
        credentials.trust("a", ServerTrust.NONE);
        credentials.used("a");
        credentials.used("a");
        vault.rotate();

        assertThat(credentials.password("a").reveal()).isEqualTo("another");
        assertThat(credentials.show("a").uses()).isEqualTo(2);
        assertThat(credentials.show("a").lastUsed()).isPresent();
        assertThat(credentials.show("a").trust().insecure()).isTrue();
        refused(Kind.NO_SUCH_THING, () -> credentials.password("b"), "'b'");
        refused(Kind.NO_SUCH_THING, () -> credentials.replacePassword("b", PASSWORD), "'b'");
    }

    @Test
    void namesTheMachinesThatNeedItUntilThereAreOthers() {
        add("a");
        database.sql()
                .sql("INSERT INTO vm_replication_contexts (context_id, vm_name, vcenter_host, created_at, updated_at)"
                        + " VALUES ('c', 'web01', 'vc.example', NOW(), NOW())")
                .update();
        assertThat(credentials.machines("a")).containsExactly("web01");
        add("b");
        assertThat(credentials.machines("a")).isEmpty();
        credentials.remove("a");
        assertThat(credentials.find("a")).isEmpty();
        refused(Kind.NO_SUCH_THING, () -> credentials.remove("a"), "'a'");
    }

    @ParameterizedTest
    @CsvSource({
        "VC.Example, vc.example",
        "https://vc.example:443/ui/, vc.example",
        "vc.example:8443, vc.example:8443",
        "[FE80::1]:9443, [fe80::1]:9443"
    })
    void writesAHostInOneWay(String typed, String kept) {
        assertThat(new VcenterHost(typed)).hasToString(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://vc", "root:pass-word@vc", "vc pass-word", "https://vc/?pass-word"})
    void refusesWhatIsNoHostWithoutRepeatingWhatMayBeSecret(String typed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VcenterHost(typed))
                .withMessageContaining("vcenter.example.com")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pass-word"));
    }

    private VmwareCredential add(String name) {
        return credentials.add(name, LOGIN, ServerTrust.AUTHORITIES, PASSWORD);
    }

    private String stored() {
        return database.sql()
                .sql("SELECT * FROM vmware_credentials")
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
