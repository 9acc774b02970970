package io.migratekit.source.vcenter.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What tests of the lab do with machines, through its API and its control. */
record LabTalk(LabVCenter lab, Soap soap) {
    static final int BLOCK = 64 << 10;
    static final long DISK = 10 * BLOCK + 512;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Logs in. */
    static LabTalk with(LabVCenter lab) throws Exception {
        Soap soap = new Soap(lab.login());
        assertThat(soap.logIn().fault()).isEmpty();
        return new LabTalk(lab, soap);
    }

    static LabMachineSpec spec() {
        return LabMachineSpec.named("Büro/web " + NUMBER.incrementAndGet());
    }

    LabMachine tracked(long bytes) throws Exception {
        LabMachine machine = lab.control().create(spec().disk(bytes).running());
        enable(machine);
        machine.removeSnapshot(machine.takeSnapshot("stun"));
        return machine;
    }

    void enable(LabMachine machine) throws Exception {
        assertThat(askToTrack(machine).fault()).isEmpty();
    }

    Soap.Answer askToTrack(LabMachine machine) throws Exception {
        return soap.run(
                "ReconfigVM",
                "VirtualMachine",
                machine.reference(),
                "<spec><changeTrackingEnabled>true</changeTrackingEnabled></spec>");
    }

    Soap.Answer takeSnapshot(LabMachine machine, boolean quiesce) throws Exception {
        return soap.run(
                "CreateSnapshot",
                "VirtualMachine",
                machine.reference(),
                "<name>s</name><memory>false</memory><quiesce>%s</quiesce>".formatted(quiesce));
    }

    List<String> changeIds(String snapshot) throws Exception {
        return soap.read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
                .all("//backing/changeId");
    }

    Soap.Answer query(LabMachine machine, String snapshot, long start, String id) throws Exception {
        return soap.call(
                "QueryChangedDiskAreas", "VirtualMachine", machine.reference(), """
                <snapshot type="VirtualMachineSnapshot">%s</snapshot><deviceKey>2000</deviceKey>\
                <startOffset>%d</startOffset><changeId>%s</changeId>""".formatted(snapshot, start, id));
    }

    static List<String> areas(Soap.Answer answer) {
        List<String> starts = answer.all("//changedArea/start");
        List<String> lengths = answer.all("//changedArea/length");
        return IntStream.range(0, starts.size())
                .mapToObj(i -> starts.get(i) + "+" + lengths.get(i))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String bytesOf(Path image) throws IOException {
        return new String(Files.readAllBytes(image), 5, 4, StandardCharsets.ISO_8859_1);
    }
}
