package io.migratekit.source.vcenter;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachineContract;
import io.migratekit.source.SourceRef;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The lab's allocation is to be trusted. */
@NeedsPeer({"go", "nbdkit"})
final class VCenterContractIT extends SourceMachineContract {
    private static final int CAPACITY = (2 << 20) + 512;
    private static final int DATA_AT = 300_000;

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static LabSource source;
    private static LabMachine machine;
    private static final byte[] DATA = new byte[100_000];

    VCenterContractIT() {
        super(source.machines());
    }

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
        source = new LabSource(lab, FullPlan.ALLOCATED);
        machine = lab.control()
                .create(LabMachineSpec.named("contract")
                        .disk(CAPACITY)
                        .disk(CAPACITY)
                        .running());
        new Random(7).nextBytes(DATA);
        for (int disk : machine.disks()) {
            machine.write(disk, DATA_AT, DATA);
        }
    }

    @AfterAll
    static void end() throws Exception {
        source.close();
        lab.close();
    }

    @Override
    protected Map<DiskKey, SourceRef> disks() {
        return LabSource.disks(lab, machine);
    }

    @Override
    protected byte[] content(DiskKey disk) {
        byte[] content = new byte[CAPACITY];
        System.arraycopy(DATA, 0, content, DATA_AT, DATA.length);
        return content;
    }

    @Override
    protected SourceRef missing() throws IOException {
        return LabSource.ref(lab, machine, 2099);
    }
}
