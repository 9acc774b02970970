package io.migratekit.shell.vma;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.JobIds;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.report.WorkerReports;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.web.AccessToken;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code vma}: the source side's HTTP API in this process, until it is ended. */
public final class VmaCommand implements ShellCommand {
    private static final Logger LOG = LoggerFactory.getLogger(VmaCommand.class);

    /** Switching tracking on takes about that; a guest that shuts down goes on without us. */
    private static final Duration END_MAX = Duration.ofSeconds(30);

    private final Services services;

    public VmaCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Virtual machines", "vma", "Answers about the VMs of vCenters over HTTP until it is ended")
                .details("""
                        The API of the source side: discovery, change tracking and power of VMs, and the progress of
                        replications. It works with the vCenters that were added here. Clients send the token that is in the
                        file migratekit.vma.token-file. Ctrl-C and SIGTERM end it after the changes that are under way.
                        With --json one object is printed as soon as it answers, and one at the end.""")
                .example("vma")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws InterruptedException {
        interrupt.spareThread();
        MigrateKitSettings settings = services.service(MigrateKitSettings.class);
        AccessToken token = AccessToken.ofServer(settings.vma()
                .tokenFile()
                .orElseGet(() -> settings.home().resolve("vma.token"))
                .toAbsolutePath());
        Ending ending = new Ending();
        Changes changes = new Changes(services.service(JobLog.class), services.service(JobIds.class), END_MAX);
        try (VmaServer server = VmaServer.start(settings.vma(), served(changes, token));
                changes) { // closed first
            interrupt.tell(ending);
            LOG.info("the VMA API answers at {}", server.endpoint());
            screen.say("The VMA API answers at %s; Ctrl-C ends it.".formatted(server.endpoint()));
            screen.object(Result.object("status", "serving", "endpoint", server.endpoint()));
            ending.asked.await();
            screen.say("ending ...");
        }
        return Result.done("status", "stopped");
    }

    private VmaServer.Served served(Changes changes, AccessToken token) {
        return new VmaServer.Served(
                new VcenterSite(services, changes),
                new ProgressView(
                        services.service(ReplicationJobs.class),
                        services.service(ReplicationDisks.class),
                        services.service(JobLog.class),
                        services.service(WorkerReports.class),
                        services.service(Replications.class)::processDied),
                this::databaseAnswers,
                token);
    }

    private boolean databaseAnswers() {
        try {
            services.service(JdbcClient.class)
                    .sql("SELECT 1")
                    .query(Integer.class)
                    .single();
            return true;
        } catch (DataAccessException e) {
            LOG.warn("the database does not answer: {}", e.getMessage());
            return false;
        }
    }

    private static final class Ending implements Interrupt.Listener {
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public void stop() {
            asked.countDown();
        }

        @Override
        public String waitingFor() {
            return "Changes in vCenters are given half a minute to complete.";
        }
    }
}
