package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;

/** {@code vm add}. */
final class VmAdd implements ShellCommand {
    private final Engine engine;

    VmAdd(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Virtual machines", "vm add", "Names a VM's disks and where each is replicated to")
                .details("""
                        Sources are opened once to see that they exist; targets are not touched. A source is an NBD URI, an
                        image file or a disk of a laboratory; '?bitmap=NAME' names a qemu dirty bitmap for incremental
                        replications. Without a target, the first replication makes a volume for the disk, and attaches
                        and exports it. Otherwise a target is an NBD URI, a volume (volume:ID) or an image file, which
                        is made if it does not exist.""")
                .argument("name", "what you call the VM; blanks and Unicode are fine", Completes.NOTHING)
                .option(OptionSpec.value("disk", "SOURCE[=TARGET]", "one disk")
                        .manyTimes()
                        .always()
                        .completing(Completes.FILES))
                .example("vm add web01 --disk nbd://esx1/disk0 --disk nbd://esx1/disk1")
                .example("vm add web01 --disk nbd://esx1/disk0=/replicas/web01-0.raw")
                .example(
                        "vm add db --disk 'nbd://q/d0?bitmap=b0=nbd://storage/vol-1' --disk d1.raw=nbd://storage/vol-2")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        Machine machine = engine.service(MachineCatalog.class)
                .add(
                        call.argument(0),
                        call.values("disk").stream().map(DiskOption::parse).toList());
        screen.say("VM '%s' with %d disk(s). To copy it: replicate start %s"
                .formatted(machine.name(), machine.disks().size(), Words.quote(machine.name())));
        return new Result(ExitCode.DONE, VmViews.object(machine));
    }
}
