package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobIds;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.KeptLease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machines;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Removals whose volumes take long to delete, while others look at the machine. */
final class MachineRemovalTest extends VolumeTargetsFixture {
    private long beats;

    @Test
    void keepsItsMachineWhileADeletionTakesLong() throws Exception {
        LabVm vm = add("slow", 4 * MIB);
        LabFixture.start(app, vm.name()).result();
        String contextId = machine(vm).contextId();

        removal(() -> beats = awaitBeats(contextId)).removeWithVolumes(vm.name());

        assertThat(beats).as("heartbeats during the deletion").isPositive();
        assertThat(volumes.volumes()).isEmpty();
        assertThat(app.get(MachineCatalog.class).names()).isEmpty();
    }

    @Test
    void deletesNothingMoreOnceAnotherProcessHasTheMachine() throws Exception {
        LabVm vm = add("lost", 4 * MIB, 4 * MIB);
        LabFixture.start(app, vm.name()).result();
        String contextId = machine(vm).contextId();

        assertThatThrownBy(() -> removal(() -> takeOver(contextId)).removeWithVolumes(vm.name()))
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("lost its machine");

        assertThat(volumes.volumes()).as("the one that was not begun with").hasSize(1);
        assertThat(app.get(MachineCatalog.class).names()).containsExactly(vm.name());
    }

    private MachineRemoval removal(Runnable beforeEachDeletion) {
        return new MachineRemoval(
                app.get(MachineCatalog.class),
                app.get(Machines.class),
                contextId -> KeptLease.acquire(
                        app.get(Leases.class),
                        app.get(FencedWrites.class),
                        contextId,
                        app.get(JobIds.class).next(),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5)),
                () -> slow(beforeEachDeletion),
                Duration.ofMinutes(1));
    }

    private Volumes slow(Runnable beforeEachDeletion) {
        return (Volumes) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Volumes.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("perform") && arguments[1] instanceof VolumeRequest.Delete) {
                        beforeEachDeletion.run();
                    }
                    try {
                        return method.invoke(volumes, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Returns how often the lease was renewed; waits for the first time. */
    private long awaitBeats(String contextId) {
        long first = heartbeat(contextId);
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (heartbeat(contextId) == first && System.nanoTime() < deadlineNanos) {
            Thread.onSpinWait();
        }
        return heartbeat(contextId) - first;
    }

    private long heartbeat(String contextId) {
        return app.get(JdbcClient.class)
                .sql("SELECT heartbeat_millis FROM vm_leases WHERE vm_context_id = ?")
                .param(contextId)
                .query(Long.class)
                .single();
    }

    /** As another process does that thinks this one dead. */
    private void takeOver(String contextId) {
        app.get(JdbcClient.class)
                .sql("UPDATE vm_leases SET epoch = epoch + 1 WHERE vm_context_id = ?")
                .param(contextId)
                .update();
    }
}
