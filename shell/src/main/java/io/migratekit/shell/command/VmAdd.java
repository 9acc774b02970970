package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.vcenter.FromVcenter;
import java.io.IOException;

/** {@code vm add}. */
final class VmAdd implements ShellCommand {
    private final Engine engine;

    VmAdd(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        "Virtual machines", "vm add", "Names a VM's disks and where each is replicated to")
                .details("""
                        With --from, all disks of a VM in a vCenter, by their device keys: names and places may change later.
                        With --disk, disks one by one.

                        Sources are opened once to see that they exist; targets are not touched. A source is an NBD URI, an
                        image file or a disk of a laboratory; '?bitmap=NAME' names a qemu dirty bitmap for incremental
                        replications. Without a target, the first replication makes a volume for the disk, and attaches
                        and exports it. Otherwise a target is an NBD URI, a volume (volume:ID) or an image file, which
                        is made if it does not exist.""")
                .argument("name", "what you call the VM; blanks and Unicode are fine", Completes.NOTHING)
                .option(OptionSpec.value("disk", "SOURCE[=TARGET]", "one disk")
                        .manyTimes()
                        .completing(Completes.FILES));
        return FromVcenter.in(syntax)
                .example("vm add web01 --from web01")
                .example("vm add web01 --from /DC0/vm/prod/web01 --vcenter vc2 --disk-target 2000=nbd://storage/vol-1")
                .example("vm add web01 --disk nbd://esx1/disk0 --disk nbd://esx1/disk1")
                .example("vm add web01 --disk nbd://esx1/disk0=/replicas/web01-0.raw")
                .example(
                        "vm add db --disk 'nbd://q/d0?bitmap=b0=nbd://storage/vol-1' --disk d1.raw=nbd://storage/vol-2")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        Machine machine = FromVcenter.wanted(call) ? fromVcenter(call, screen, interrupt) : byDisks(call);
        screen.say("VM '%s' with %d disk(s). To copy it: replicate start %s"
                .formatted(machine.name(), machine.disks().size(), Words.quote(machine.name())));
        return new Result(ExitCode.DONE, VmViews.object(machine));
    }

    private Machine fromVcenter(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        if (call.has("disk")) {
            throw new UsageException(
                    "--from adds all disks of a VM in a vCenter, --disk adds one; give one of the two");
        }
        interrupt.spareThread();
        return new FromVcenter(engine::service).add(call, screen);
    }

    private Machine byDisks(Invocation call) {
        FromVcenter.requireNone(call);
        if (!call.has("disk")) {
            throw new UsageException("vm add: --disk is missing, or --from for a VM of a vCenter\nusage: "
                    + call.syntax().usage());
        }
        return engine.service(MachineCatalog.class)
                .add(
                        call.argument(0),
                        call.values("disk").stream().map(DiskOption::parse).toList());
    }
}
