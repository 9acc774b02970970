package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** A process of its own that writes and freezes a lab's machine until it is killed. */
final class RestlessGuest {
    private RestlessGuest() {}

    /** Takes the lab's folder and a seed. */
    public static void main(String[] arguments) throws Exception {
        Random random = new Random(Long.parseLong(arguments[1]));
        LabVm vm = Lab.open(Path.of(arguments[0])).vm("vm");
        DiskKey disk = vm.diskKeys().get(0);
        try (SourceMachine machine = SourceProbe.machines().open("vm", Map.of(disk, vm.ref(disk)))) {
            System.out.println("running");
            while (random.nextInt(1_000_000) > 0) {
                vm.churn(random.nextLong(), 3);
                if (random.nextInt(5) == 0) {
                    machine.takeSnapshot("its own").remove();
                }
            }
        }
    }
}
