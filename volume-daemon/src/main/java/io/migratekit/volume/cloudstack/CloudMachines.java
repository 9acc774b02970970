package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import io.migratekit.volume.compute.Machine;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.MachineSpec;
import io.migratekit.volume.compute.Machines;
import io.migratekit.volume.compute.ResourceId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Virtual machines of one account in one zone. */
final class CloudMachines implements Machines {
    private static final Logger log = LoggerFactory.getLogger(CloudMachines.class);
    private static final String ELEMENT = "virtualmachine";

    private final CloudStackClient client;
    private final CloudVolumes volumes;
    private final Ownership ownership;
    private final ResourceId zone;
    private final Goals goals;

    CloudMachines(CloudStackClient client, CloudVolumes volumes, Ownership ownership, ResourceId zone, Goals goals) {
        this.client = client;
        this.volumes = volumes;
        this.ownership = ownership;
        this.zone = zone;
        this.goals = goals;
    }

    @Override
    public Machine create(Mark mark, MachineSpec spec, StepMemory memory) {
        Goal<Machine> exists = Goal.creation(
                "create",
                "there is a machine with the mark " + mark,
                new Deployment(zone, spec, mark).command(),
                () -> marked(mark)
                        .map(vm -> vm.state() == Machine.State.CHANGING ? Look.<Machine>not(true) : Look.reached(vm))
                        .orElse(Look.not(false)));
        return tag(goals.reach(exists, memory), memory);
    }

    @Override
    public Optional<Machine> created(Mark mark) {
        return marked(mark).map(vm -> vm.owned() ? vm : tag(vm, new Forgetful()));
    }

    private Optional<Machine> marked(Mark mark) {
        List<Machine> found =
                listed(ApiCommand.of("listVirtualMachines").with("keyword", MarkedName.keyword(mark))).stream()
                        .filter(vm -> MarkedName.has(vm.displayName(), mark))
                        .toList();
        if (found.size() > 1) {
            throw new VolumeException(
                    Kind.FAILED,
                    "machines %s and %s both carry the mark %s; remove one of them in CloudStack"
                            .formatted(found.get(0).id(), found.get(1).id(), mark));
        }
        return found.stream().findFirst();
    }

    private Machine tag(Machine vm, StepMemory memory) {
        ApiCommand command = ownership.mark("UserVm", vm.id().text());
        return goals.reach(goal("tag", "carries our tag", vm.id(), command, Machine::owned), memory);
    }

    @Override
    public Optional<Machine> find(MachineId id) {
        ApiCommand command = ApiCommand.of("listVirtualMachines").with("id", id.text());
        return client.listOne(command, ELEMENT)
                .map(row -> client.read(command, row, this::read))
                .filter(vm -> vm.state() != Machine.State.GONE);
    }

    /** Returns all machines of the account. */
    List<Machine> all() {
        return listed(ApiCommand.of("listVirtualMachines"));
    }

    @Override
    public void start(MachineId id, StepMemory memory) {
        required(id);
        ApiCommand command = ApiCommand.of("startVirtualMachine").with("id", id.text());
        goals.reach(goal("start", "runs", id, command, vm -> vm.state() == Machine.State.RUNNING), memory);
    }

    @Override
    public void stop(MachineId id, Duration grace, StepMemory memory) {
        required(id);
        ApiCommand command = ApiCommand.of("stopVirtualMachine").with("id", id.text());
        Predicate<Machine> stopped = vm -> vm.state() == Machine.State.STOPPED;
        if (grace.isZero() || !ended(goal("stop", "is stopped", id, command, stopped), grace, memory)) {
            goals.reach(goal("switch-off", "is stopped", id, command.with("forced", "true"), stopped), memory);
        }
    }

    /** Returns false if it has not ended in time, or says that it cannot; a cloud that is down proves neither. */
    private boolean ended(Goal<Machine> stopped, Duration grace, StepMemory memory) {
        long beganNanos = System.nanoTime();
        try {
            goals.within(grace).reach(stopped, memory);
            return true;
        } catch (VolumeException e) {
            boolean over = System.nanoTime() - beganNanos >= grace.toNanos();
            boolean late = e.kind() == Kind.UNAVAILABLE
                    && over
                    && !Thread.currentThread().isInterrupted();
            if (!late && e.kind() != Kind.FAILED) {
                throw e;
            }
            log.warn("{} only if it is switched off, which it is now: {}", stopped.what(), e.getMessage());
            return false;
        }
    }

    @Override
    public void discardRootDisk(MachineId id, StepMemory memory) {
        Machine vm = ours(id);
        if (vm.state() != Machine.State.STOPPED) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "machine %s ('%s') is not stopped, so its root disk stays; stop it first".formatted(id, vm.name()));
        }
        Optional<VolumeId> root = memory.get("root")
                .map(VolumeId::new)
                .or(() -> volumes.rootOf(id.text())
                        .filter(volume -> !volume.owned())
                        .map(CloudVolume::id));
        if (root.isPresent()) {
            memory.put("root", root.get().text());
            volumes.detach(root.get(), memory);
            volumes.delete(root.get(), memory);
        }
    }

    @Override
    public void destroy(MachineId id, StepMemory memory) {
        if (find(id).isEmpty()) {
            return;
        }
        ours(id);
        volumes.of(id.text()).stream().filter(CloudVolume::owned).findFirst().ifPresent(volume -> {
            throw new VolumeException(
                    Kind.REFUSED,
                    "machine %s has our volume %s ('%s'), which might go with it; detach that first"
                            .formatted(id, volume.id(), volume.name()));
        });
        ApiCommand command = ApiCommand.of("destroyVirtualMachine").with("id", id.text());
        try {
            goals.reach(gone("destroy", id, command.with("expunge", "true")), memory);
        } catch (VolumeException e) {
            if (!deniesExpunging(e)) {
                throw e;
            }
            log.info(
                    "machine {} is destroyed, and the cloud expunges it when its time has come: {}",
                    id,
                    e.getMessage());
            goals.reach(gone("destroy-only", id, command), memory);
        }
    }

    private Goal<MachineId> gone(String step, MachineId id, ApiCommand command) {
        return Goal.of(
                step,
                "machine %s is gone".formatted(id),
                command,
                () -> find(id).isEmpty() ? Look.reached(id) : Look.<MachineId>not(false));
    }

    /** Ordinary accounts may not, unless allow.user.expunge.recover.vm is set; error 530 or 531, or a job's end. */
    private static boolean deniesExpunging(VolumeException failure) {
        boolean denied = failure.kind() == Kind.REFUSED || failure.kind() == Kind.FAILED;
        return denied
                && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("expunge");
    }

    private Machine ours(MachineId id) {
        Machine vm = required(id);
        if (!vm.owned()) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "machine %s ('%s') does not carry our tag %s=%s, so it is not touched; only what we made is"
                            .formatted(id, vm.name(), Ownership.KEY, ownership.installationId()));
        }
        return vm;
    }

    private Machine required(MachineId id) {
        return find(id).orElseThrow(() -> new VolumeException(
                Kind.NO_SUCH_THING,
                "machine %s is not in the cloud at %s, or belongs to another account".formatted(id, client.host())));
    }

    private Goal<Machine> goal(String step, String what, MachineId id, ApiCommand command, Predicate<Machine> wanted) {
        return Goal.of(step, "machine %s %s".formatted(id, what), command, () -> {
            Machine vm = required(id);
            return wanted.test(vm) ? Look.reached(vm) : Look.not(vm.state() == Machine.State.CHANGING);
        });
    }

    private List<Machine> listed(ApiCommand command) {
        return client.list(command, ELEMENT).stream()
                .map(row -> client.read(command, row, this::read))
                .filter(vm -> vm.state() != Machine.State.GONE)
                .toList();
    }

    private Machine read(JsonNode row) {
        return CloudMachineRow.read(row, ownership);
    }
}
