package io.migratekit.shell.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.MigratedMemory;
import io.migratekit.shell.command.TypedLines;
import io.migratekit.volume.cloudstack.CloudConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each command over the real registries and vault, a database in memory and a scripted cloud. */
final class AccountCommandsTest {
    private static final String PASSWORD = "pass-word of root";

    private static MigratedMemory database;

    @TempDir
    Path folder;

    private ScriptedCloud cloud;
    private AnnotationConfigApplicationContext context;
    private Commands commands;
    private TypedLines lines;
    private Path keys;
    private Path password;

    @BeforeAll
    static void migrate() {
        database = MigratedMemory.make();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    @BeforeEach
    void start() throws IOException {
        cloud = new ScriptedCloud();
        context = database.context(Map.of("migratekit.home", folder.toString()));
        context.register(CloudConfiguration.class);
        context.refresh();
        commands = new Commands(AccountCommands.with(context::getBean));
        lines = new TypedLines(commands);
        keys = secret("keys", ScriptedCloud.API_KEY + "\n" + ScriptedCloud.SECRET_KEY + "\n");
        password = secret("password", PASSWORD + "\n");
    }

    @AfterEach
    void stop() {
        JdbcClient sql = context.getBean(JdbcClient.class);
        sql.sql("DELETE FROM ossea_configs").update();
        sql.sql("DELETE FROM vmware_credentials").update(); // without any the next test's vault begins anew
        context.close();
        cloud.close();
    }

    @Test
    void addsACloudAfterItHasAnsweredAndTakesTheOnlyOffering() {
        String out = done("ossea add prod %s --insecure --key-file %s --zone 'eu two'".formatted(cloud.url(), keys));

        assertThat(out).contains("disk offering: 'Custom', the only one", "active", "ossea test prod");
        var config = context.getBean(OsseaConfigs.class).show("prod");
        assertThat(config.place().zone()).isEqualTo("z-2");
        assertThat(config.place().diskOffering()).isEqualTo("d-1");
        assertThat(done("ossea list")).contains("prod", "yes", cloud.url(), "not checked (insecure)");
        assertThat(done("ossea show prod")).contains("sealed; never shown", "z-2");
        assertThat(done("ossea offers")).contains("eu one", "20 GiB only, not for volumes", "medium", "twin", "empty");
    }

    @Test
    void letsAPersonDecideBetweenZonesAndNamesThem() {
        String add = "ossea add prod %s --insecure --key-file %s".formatted(cloud.url(), keys);
        assertThat(fails(6, add)).contains("--zone ID", "z-1 ('eu one')", "z-2 ('eu two')");
        assertThat(fails(4, add + " --zone eu3")).contains("no zone 'eu3'", "z-1");
        assertThat(fails(1, add + " --zone z-1 --disk-offering Small")).contains("20 GiB only");
        assertThat(fails(6, add + " --zone z-1 --network twin")).contains("several", "n-2", "n-3");
        assertThat(context.getBean(OsseaConfigs.class).list()).isEmpty();
    }

    @Test
    void storesNothingThatTheCloudRefuses() throws IOException {
        Path wrong = secret("wrong", ScriptedCloud.API_KEY + " another-secret-key");
        String add = "ossea add prod %s --insecure --zone z-1 --key-file %s".formatted(cloud.url(), wrong);
        assertThat(fails(1, add)).contains("error 401").doesNotContain("another-secret-key");
        assertThat(fails(2, "ossea add prod %s --key-file %s".formatted(cloud.url(), keys)))
                .contains("without TLS");
        assertThat(fails(2, "ossea add prod https://me:secret-word@cloud/api --key-file " + keys))
                .contains("user or password")
                .doesNotContain("secret-word");
        assertThat(context.getBean(OsseaConfigs.class).list()).isEmpty();
        assertThat(folder.resolve("vault.key")).doesNotExist();
    }

    @Test
    void testsACloudAndNamesTheCommandThatMendsEachFinding() {
        add();
        assertThat(done("ossea set prod --oma-vm vm-oma")).contains("changed");
        String found = fails(1, "ossea test"); // there are no virtio disks here
        assertThat(found).contains("ok     API", "ok     appliance", "ERROR  devices", "udev");

        cloud.offer("listZones", "zone", "z-9", "another");
        assertThat(fails(1, "ossea test prod")).contains("ERROR  zone", "ossea set prod --zone ID");
        cloud.renew("renewed-secret-key");
        assertThat(fails(1, "ossea test prod --json"))
                .contains("\"what\":\"API\",\"passed\":false", "ossea renew prod")
                .doesNotContain(ScriptedCloud.SECRET_KEY, ScriptedCloud.API_KEY);
    }

    @Test
    void renewsKeysOnlyByOnesThatTheCloudTakes() throws IOException {
        add();
        Path renewed = secret("renewed", ScriptedCloud.API_KEY + " renewed-secret-key");
        assertThat(fails(1, "ossea renew prod --key-file " + renewed)).contains("error 401");
        cloud.renew("renewed-secret-key");
        done("ossea renew prod --key-file " + renewed);
        assertThat(done("ossea offers prod")).contains("eu one");
    }

    @Test
    void removesACloudOnlyOnceItIsSaidAndUnused() {
        add();
        assertThat(done("ossea remove prod --dry-run")).contains("Would forget", "It is the active one");
        context.getBean(JdbcClient.class)
                .sql(
                        "INSERT INTO ossea_volumes (volume_id, volume_name, backend, size_bytes, size_gb, status, created_at,"
                                + " updated_at) VALUES ('v', 'web01-0', 'ossea:prod', 1, 1, 'available', NOW(), NOW())")
                .update();
        assertThat(fails(1, "ossea remove prod --dry-run")).contains("web01-0");
        assertThat(fails(1, "ossea remove prod")).contains("web01-0");
        context.getBean(JdbcClient.class).sql("DELETE FROM ossea_volumes").update();
        done("ossea remove prod");
        assertThat(fails(4, "ossea show prod")).contains("ossea list");
        assertThat(fails(4, "ossea test")).contains("no cloud is active");
    }

    @Test
    void keepsVcentersUnderBothNamesOfTheCommand() {
        done("vcenter add vc1 VC.example --user root --datacenter 'DC 1' --password-file " + password);
        done("credentials add vc2 vc2.example:8443 --user root --insecure --password-file " + password);
        done("vcenter use vc2");
        done("vcenter set vc2 --thumbprint " + "ab".repeat(32));
        assertThat(done("vcenter list")).contains("vc.example", "DC 1", "vc2.example:8443", "AB:AB");
        assertThat(done("vcenter set vc2 --authorities")).contains("the system's authorities");
        assertThat(fails(1, "credentials add vc1 other --user root --password-file " + password))
                .contains("'vc1' already");
        assertThat(context.getBean(VmwareCredentials.class).password("vc1").reveal())
                .isEqualTo(PASSWORD);
        assertThat(done("credentials remove vc1 --dry-run")).contains("Would forget vCenter 'vc1'");
        done("vcenter remove vc1");
        assertThat(context.getBean(VmwareCredentials.class).list()).hasSize(1);
    }

    @Test
    void listsTestsAndRotatesWithoutShowingASecret() throws IOException {
        add();
        done("vcenter add vc1 vc.example --user root --password-file " + password);
        String all = done("credentials list --json")
                + done("credentials list")
                + done("credentials test")
                + done("credentials rotate")
                + done("credentials test --json");
        assertThat(all)
                .contains("the API key of OSSEA configuration 'prod'", "the password of credentials 'vc1'")
                .contains("3 secret(s), all open", "sealed under the new key")
                .doesNotContain(PASSWORD, ScriptedCloud.API_KEY, ScriptedCloud.SECRET_KEY);

        Files.delete(folder.resolve("vault.key"));
        assertThat(fails(1, "credentials test")).contains("3 of 3", "vault.key", "from its copy");
        assertThat(fails(1, "ossea test")).contains("vault.key");
        assertThat(fails(1, "vcenter password vc1 --password-file " + password)).contains("vault.key");
        assertThat(folder.resolve("vault.key")).doesNotExist();
    }

    @Test
    void takesSecretsFromNowhereElse() throws IOException {
        assertThat(fails(2, "vcenter add v h --user u --password hunter2"))
                .contains("there must not be", "list of processes", "--password-file")
                .doesNotContain("hunter2");
        assertThat(fails(2, "ossea add c https://h/api --secret-key=hunter2"))
                .contains("--key-file")
                .doesNotContain("hunter2");
        assertThat(fails(2, "vcenter add v h --user u")).contains("no terminal", "--password-env");
        assertThat(fails(2, "vcenter add v h --user u --password-env hunter2!"))
                .contains("not a secret")
                .doesNotContain("hunter2");
        assertThat(fails(4, "vcenter add v h --user u --password-file " + folder.resolve("none")))
                .contains("does not exist");
        assertThat(fails(2, "ossea add c https://h/api --key-file " + secret("one", "only-one-word")))
                .contains("1 words")
                .doesNotContain("only-one-word");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(fails(1, "vcenter add v h --user u --password-file " + password))
                .contains("rw-r-----", "chmod 600 '" + password + "'");
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        commands.syntaxes()
                .forEach(syntax ->
                        assertThat(syntax.examples()).as(syntax.name()).isNotEmpty());
        assertThat(done("help ossea add")).contains("--key-file", "--disk-offering", "without showing them");
    }

    private void add() {
        done("ossea add prod %s --insecure --zone z-1 --key-file %s".formatted(cloud.url(), keys));
    }

    private String done(String line) {
        return lines.done(line);
    }

    private String fails(int code, String line) {
        return lines.fails(code, line);
    }

    private Path secret(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
