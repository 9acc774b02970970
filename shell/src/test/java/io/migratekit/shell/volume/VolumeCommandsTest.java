package io.migratekit.shell.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonConfiguration;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Each command over a real daemon in this process, with a database in memory and a pool in a folder. */
@Timeout(60)
final class VolumeCommandsTest {
    private static final Machine WEB01 = new Machine(
            "ctx-web01",
            "web01",
            Machine.Kind.VM,
            "discovered",
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            List.of());

    @TempDir
    Path folder;

    private JdbcConnectionPool source;
    private AnnotationConfigApplicationContext context;
    private RunningDaemon daemon;
    private Volumes volumes;
    private Commands commands;

    @BeforeEach
    void start() {
        source = JdbcConnectionPool.create(
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID()),
                "sa",
                "");
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/h2", "classpath:db/migration/common")
                .load()
                .migrate();
        context = context();
        daemon = context.getBean(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR);
        volumes = daemon.volumes();
        commands = new Commands(VolumeCommands.with(new VolumeNames(() -> volumes, new OneVm())));
    }

    @AfterEach
    void stop() {
        daemon.close();
        context.close();
        source.dispose();
    }

    @Test
    void takesAVolumeThroughItsLife() {
        assertThat(done("volume create scratch --size 1MB")).contains("is there; 'volume attach'");
        assertThat(done("volume list")).contains("scratch", "1.00 MiB", "available");
        assertThat(fails(1, "volume export scratch")).contains("attached to no VM");
        assertThat(done("volume attach scratch")).contains("Attached as " + folder);
        assertThat(fails(1, "volume attach scratch")).contains("detach it first");
        assertThat(done("volume export scratch --read-only")).contains("nbd+unix:///vol-", "-e1?socket=");
        assertThat(done("volume export scratch")).contains("-e2?socket=");
        assertThat(done("volume exports"))
                .containsPattern("-e2\\b")
                .contains("read and write")
                .doesNotContainPattern("-e1\\b");
        assertThat(done("volume show scratch"))
                .contains("this appliance as " + folder, "exported as   vol-", "attach  ", "completed");
        for (String line : List.of("detach scratch", "delete scratch", "resize scratch --size 2MB")) {
            assertThat(fails(1, "volume " + line)).contains("while it is exported", "end the export first");
        }
        done("volume unexport scratch");
        assertThat(fails(1, "volume unexport scratch")).contains("not exported");
        assertThat(fails(1, "volume resize scratch --size 512")).contains("only grows");
        done("volume resize scratch --size 2MB");
        done("volume detach scratch");
        assertThat(done("volume delete scratch --dry-run")).contains("Would touch volume 'scratch'", "2.00 MiB");
        assertThat(volumes.volumes()).hasSize(1);
        done("volume delete scratch");
        assertThat(done("volume list")).contains("There is no volume");
        assertThat(fails(4, "volume show scratch")).contains("'volume list'");
        assertThat(done("volume exports")).contains("Nothing is exported.");
    }

    @Test
    void doesOnceWhatIsAskedForUnderOneKey() {
        String create = "volume create scratch --size 1MB --key first";
        done(create);
        done(create);
        assertThat(volumes.volumes()).hasSize(1);
        assertThat(fails(1, "volume create other --size 1MB --key first")).contains("'first'", "another key");
        assertThat(fails(1, "volume create scratch --size 1MB")).contains("there is a volume 'scratch' already");
    }

    @Test
    void returnsBeforeTheEndWhereNobodyWaitsAndShowsItsSteps() {
        String accepted = done("volume create scratch --size 1MB --no-wait --json");
        Operation operation = volumes.operations(OperationFilter.newest(1)).get(0);
        assertThat(accepted).contains("\"operation\":\"%s\"".formatted(operation.id()));
        volumes.await(operation.id(), Duration.ofMinutes(1));
        assertThat(done("volume operations " + operation.id())).contains("create, completed", "STEP");
        assertThat(done("volume operations --volume scratch --status completed"))
                .contains(operation.id().text());
        assertThat(done("volume operations --status failed")).contains("There is no such operation.");
        assertThat(fails(2, "volume operations --limit 0")).contains("--limit");
        assertThat(fails(4, "volume operations op-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11"))
                .contains("there is no operation");
    }

    @Test
    void knowsVolumesByTheirVmAndByAnOwnerThatIsNone() {
        done("volume create disk --size 1MB --vm web01");
        assertThat(volumes.volumesOf("ctx-web01")).hasSize(1);
        assertThat(done("volume list --vm web01")).contains("disk", "web01");
        volumes.perform(
                "test", new VolumeRequest.Create("orphan", 512, Optional.of("ctx-gone")), Duration.ofMinutes(1));
        assertThat(done("volume list")).contains("ctx-gone");
        assertThat(done("volume list --vm ctx-gone")).contains("orphan").doesNotContain("web01");
        assertThat(fails(4, "volume list --vm nobody"))
                .contains("no VM 'nobody'", "nor has a volume the owner 'nobody'");
        assertThat(fails(4, "volume create x --size 1MB --vm nobody")).contains("'vm add'");
        assertThat(fails(4, "volume snapshot nobody")).contains("'vm add'");
    }

    @Test
    void tellsWhatIsMissingInThePoolAndDeletesNothing() throws IOException {
        done("volume create scratch --size 1MB");
        assertThat(done("volume reconcile")).contains("Everything is as the ledger has it.");
        Path home =
                folder.resolve("volumes").resolve(volumes.volumes().get(0).id().text());
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(fails(3, "volume reconcile")).contains("volume missing", "'scratch'", "no");
        assertThat(fails(3, "volume reconcile --json")).contains("\"left\":1", "\"repaired\":false");
        assertThat(done("volume reconcile --repair")).contains("yes");
        assertThat(done("volume show scratch")).contains("in error");
        done("volume delete scratch");
        assertThat(done("volume reconcile")).contains("Everything is as the ledger has it.");
    }

    @Test
    void refusesWhatIsNoNumberNoSetAndNoSize() {
        assertThat(fails(2, "volume create scratch --size 10XB")).contains("'10XB'", "100GB");
        assertThat(fails(2, "volume create scratch --size -512")).contains("a multiple of 512 above 0");
        assertThat(fails(2, "volume create scratch --size 1000")).contains("1000 bytes");
        assertThat(fails(2, "volume create scratch")).contains("--size");
        for (String line : List.of("revert set-x", "drop set-x", "clone set-x test")) {
            assertThat(fails(2, "volume " + line)).contains("'set-x' is no snapshot set id");
        }
        String none = "set-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11";
        assertThat(fails(4, "volume revert " + none)).contains("'volume snapshots'");
        assertThat(done("volume snapshots")).contains("There is no snapshot set");
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        commands.syntaxes()
                .forEach(syntax ->
                        assertThat(syntax.examples()).as(syntax.name()).isNotEmpty());
    }

    private String done(String line) {
        return fails(0, line);
    }

    /** Runs a line and returns what was printed. */
    private String fails(int code, String line) {
        StringWriter out = new StringWriter();
        Screen screen = Screen.on(new PrintWriter(out), new PrintWriter(out), false, false, () -> {
            throw new IllegalStateException("nobody draws here");
        });
        int ended;
        try (Interrupt interrupt = Interrupt.catching()) {
            ended = commands.run(commands.parser().parse(Words.of(line)), screen, interrupt)
                    .number();
        } catch (UsageException e) {
            ended = commands.failed(e, screen).number();
        }
        assertThat(ended).as("%s: %s", line, out).isEqualTo(code);
        return out.toString();
    }

    private static final class OneVm implements VolumeNames.Vms {
        @Override
        public Machine show(String name) {
            if (!name.equals(WEB01.name())) {
                throw new JobException.NoSuch("there is no VM '%s'; add one with 'vm add'".formatted(name));
            }
            return WEB01;
        }

        @Override
        public List<Machine> list() {
            return List.of(WEB01);
        }
    }

    private AnnotationConfigApplicationContext context() {
        MigrateKitSettings settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "migratekit.home", folder.toString(),
                        "migratekit.volumes.engine", "embedded",
                        "migratekit.volumes.reserve", "0",
                        "migratekit.volumes.port", "0")))
                .bind("migratekit", MigrateKitSettings.class)
                .get();
        AnnotationConfigApplicationContext made = new AnnotationConfigApplicationContext();
        made.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
        made.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new DataSourceTransactionManager(source)));
        made.registerBean(Clock.class, Clock::systemUTC);
        made.registerBean(DatabaseClock.class, () -> System::currentTimeMillis);
        made.registerBean(ProcessIdentity.class, ProcessIdentity::current);
        made.registerBean(MigrateKitSettings.class, () -> settings);
        made.register(DaemonConfiguration.class);
        made.refresh();
        return made;
    }
}
