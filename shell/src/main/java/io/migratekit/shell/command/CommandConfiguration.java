package io.migratekit.shell.command;

import io.migratekit.shell.account.AccountCommands;
import io.migratekit.shell.doctor.Doctor;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.vcenter.VcenterCommands;
import io.migratekit.shell.vma.VmaCommand;
import io.migratekit.shell.volume.VolumeCommands;
import io.migratekit.shell.volume.VolumeDaemonCommand;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** All commands of the console. */
@Configuration(proxyBeanMethods = false)
public class CommandConfiguration {

    @Bean
    Engine engine() {
        return new Engine();
    }

    @Bean
    Commands commands(Engine engine) {
        Home home = Home.fromEnvironment();
        Detached detached = new Detached(home);
        List<ShellCommand> all = new ArrayList<>(List.of(
                new DemoCommand(home),
                new CopyCommand(engine),
                new DoctorCommand(new Doctor(home, engine::database), engine::service),
                new VmAdd(engine),
                new VmList(engine),
                new VmShow(engine),
                new VmRemove(engine),
                new ReplicateStart(engine, detached),
                new ReplicateStop(engine),
                new ReplicateRestart(engine, detached),
                JobListing.replications(engine),
                JobDetails.replication(engine),
                new VerifyCommand(engine),
                JobListing.jobs(engine),
                JobDetails.job(engine),
                new JobEvents(engine),
                new JobRecover(engine),
                new ExportCommand(),
                new VolumeDaemonCommand(engine),
                new VmaCommand(engine::service),
                new VersionCommand(),
                new WarmUpCommand(engine)));
        all.addAll(VolumeCommands.with(engine));
        all.addAll(AccountCommands.with(engine::service));
        all.addAll(VcenterCommands.with(engine::service));
        return new Commands(all);
    }

    @Bean
    NameSource nameSource(Engine engine) {
        return new EngineNames(engine);
    }
}
