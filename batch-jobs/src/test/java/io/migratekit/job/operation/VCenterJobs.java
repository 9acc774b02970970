package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.vault.Secret;
import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.Origin;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A lab vCenter, its account "lab", and the jobs that replicate its machines to images. One for all classes of a run, since
 * its start takes longer than most tests: they leave it as they found it.
 */
final class VCenterJobs implements AutoCloseable {
    private final Path folder;
    private final LabVCenter lab;
    private final JobsApp app;

    VCenterJobs(Path folder) throws Exception {
        this.folder = folder;
        this.lab = LabFixture.start(Files.createDirectory(folder.resolve("lab")), LabInventory.empty());
        List<String> plugin = lab.vddk(Path.of("/usr/bin/nbdkit")).arguments();
        this.app = JobsApp.start(
                folder,
                JobsApp.memoryDatabase(),
                CuttingCopies.Wiring.class,
                "migratekit.chunk.bytes=1MB",
                "migratekit.copy.window=2MB",
                "migratekit.copy.reconnect-timeout=0s",
                "migratekit.vcenter.outage=30s",
                "migratekit.vddk.silence-timeout=1s",
                "migratekit.vddk.open-timeout=5s",
                "migratekit.vddk.connections=2",
                "migratekit.vddk.plugin=sh",
                "migratekit.vddk.plugin-arguments[0]=" + plugin.get(0),
                "migratekit.vddk.plugin-arguments[1]=" + plugin.get(1));
        account("lab", lab);
    }

    /** Gives tests that ask for it the one that there is. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == VCenterJobs.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(VCenterJobs.class))
                    .computeIfAbsent(VCenterJobs.class, type -> open(), VCenterJobs.class);
        }

        private static VCenterJobs open() {
            try {
                return new VCenterJobs(Files.createTempDirectory("vcenter-jobs"));
            } catch (Exception e) {
                throw new IllegalStateException("the lab vCenter and its jobs could not be started", e);
            }
        }
    }

    LabVCenter lab() {
        return lab;
    }

    <T> T get(Class<T> type) {
        return app.get(type);
    }

    /** Adds an account at a lab, with its certificate pinned. */
    void account(String name, LabVCenter at) {
        app.get(VmwareCredentials.class)
                .add(
                        name,
                        new VmwareCredentials.Login(host(at), at.login().user(), Optional.empty()),
                        ServerTrust.inCertificate(at.login().sha256Thumbprint()),
                        new Secret(at.login().password()));
    }

    private static VcenterHost host(LabVCenter at) {
        return new VcenterHost(
                at.login().url().getHost() + ":" + at.login().url().getPort());
    }

    /** Makes a running machine with disks of these sizes and adds it under its name, found by the account "lab". */
    VCenterGuest add(String name, int... capacityBytes) throws IOException {
        LabMachineSpec spec = LabMachineSpec.named(name).running();
        for (int bytes : capacityBytes) {
            spec.disk(bytes);
        }
        return add(name, spec, capacityBytes);
    }

    /** Does the same with a machine of any kind that has disks of these sizes. */
    VCenterGuest add(String name, LabMachineSpec spec, int... capacityBytes) throws IOException {
        return add(name, spec, lab, "lab", capacityBytes);
    }

    /** Does the same at another lab, by another account. */
    VCenterGuest add(String name, LabMachineSpec spec, LabVCenter at, String account, int... capacityBytes)
            throws IOException {
        LabMachine made = at.control().create(spec);
        VCenterGuest guest = new VCenterGuest(name, at.instanceUuid(), made, capacityBytes, folder);
        Origin origin = new Origin(host(at).text(), made.instanceUuid(), "/DC0/vm/" + name, "DC0", account);
        app.get(MachineCatalog.class).add(name, origin, guest.newDisks());
        return guest;
    }

    /** Replicates, or goes on with a replication, to its end, and compares. */
    ReplicationResult replicate(VCenterGuest guest) throws Exception {
        ReplicationResult result = start(guest).result();
        assertThat(result.status()).isEqualTo("completed");
        guest.isReplicated();
        return result;
    }

    JobHandle<ReplicationResult, ReplicationProgress> start(VCenterGuest guest) {
        return app.get(Replications.class).start(guest.name(), StartOptions.defaults());
    }

    /** Replicates in vain; the job has the message as well, and the VM shows that it failed. */
    <E extends JobException> E fails(VCenterGuest guest, Class<E> type) {
        JobHandle<ReplicationResult, ReplicationProgress> job = start(guest);
        return ends(job, guest, type);
    }

    /** Waits for a job that fails. */
    <E extends JobException> E ends(
            JobHandle<ReplicationResult, ReplicationProgress> job, VCenterGuest guest, Class<E> type) {
        E failure = catchThrowableOfType(type, job::result);
        assertThat(failure).as("job of '%s'", guest.name()).isNotNull();
        assertThat(app.get(Replications.class).find(job.jobId()).error())
                .contains(String.valueOf(failure.getMessage()));
        return failure;
    }

    String status(VCenterGuest guest) {
        return app.get(MachineCatalog.class).show(guest.name()).status();
    }

    int restorePoints(VCenterGuest guest) {
        MachineCatalog catalog = app.get(MachineCatalog.class);
        return catalog.restorePoints(catalog.show(guest.name())).size();
    }

    /** Returns what the joblog has of a job under a code. */
    List<String> events(String jobId, String code) {
        return app.get(Replications.class).events(jobId, 0).stream()
                .filter(event -> event.code().equals(code))
                .map(JobEvent::message)
                .toList();
    }

    @Override
    public void close() throws IOException {
        app.close();
        lab.close();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
