package io.migratekit.source.vcenter.lab;

import io.migratekit.source.vddk.VddkPlugin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A running lab vCenter. It listens on the loopback interface alone and ends with this object, or with this process.
 */
public final class LabVCenter implements AutoCloseable {
    /** Ending removes the datastores' folders; more than this means that it hangs. */
    private static final int SECONDS_TO_END = 10;

    private final LabProgram program;
    private final Process process;
    private final Path log;
    private final Map<String, String> facts;
    private final LabLogin login;
    private final LabControl control;

    private LabVCenter(LabProgram program, Process process, Path log, Map<String, String> facts, String password) {
        this.program = program;
        this.process = process;
        this.log = log;
        this.facts = facts;
        this.login = new LabLogin(
                URI.create(fact("url")), fact("user"), password, fact("thumbprint.sha1"), fact("thumbprint.sha256"));
        this.control = new LabControl(URI.create(fact("control")));
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param folder an existing folder of its own, for datastores, disk images and its log ({@code lab.log})
     * @throws IOException if it ends instead, with what it said
     */
    public static LabVCenter start(LabProgram program, Path folder, LabInventory inventory) throws IOException {
        Path log = folder.resolve("lab.log");
        List<String> command = new ArrayList<>(List.of(program.file().toString(), "-folder", folder.toString()));
        command.addAll(inventory.arguments());
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        try {
            OutputStream input = process.getOutputStream(); // kept open: its end is the lab's
            input.write((inventory.password() + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
            return new LabVCenter(program, process, log, factsOf(process, log), inventory.password());
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Map<String, String> factsOf(Process process, Path log) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Map<String, String> facts = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("ready")) {
                return facts;
            }
            int equals = line.indexOf('=');
            facts.put(line.substring(0, equals), line.substring(equals + 1));
        }
        throw new IOException(
                "the lab vCenter did not start: " + Files.readString(log).strip());
    }

    /** Where and how to log in. */
    public LabLogin login() {
        return login;
    }

    /** What may be done to it beside its API. */
    public LabControl control() {
        return control;
    }

    /** The vCenter's own UUID, which tells two of them apart. */
    public String instanceUuid() {
        return fact("instance");
    }

    /** Its certificate as a PEM file, which can be trusted as that of an authority; it is valid for 127.0.0.1. */
    public Path certificate() {
        return Path.of(fact("certificate"));
    }

    /**
     * Where disks are, for whoever stands in for VDDK: {@code <vm>/<snapshot>/<file>} below it holds the frozen bytes
     * of a disk, {@code <vm>/live/<file>} the present ones, with {@code vm-12}, {@code snapshot-34} and the file as the
     * API names it, {@code [LocalDS_0] web01/web01.vmdk}.
     */
    public Path images() {
        return Path.of(fact("images"));
    }

    /** What reads those disks as VDDK reads a vCenter's: it checks password and thumbprint. */
    public VddkPlugin vddk(Path nbdkit) {
        return new VddkPlugin(
                nbdkit, "sh", List.of(program.disks().toString(), "images=" + images()), Optional.empty());
    }

    /** Lets what reads this lab's disks read those of another one as well; it tells them apart by their thumbprints. */
    public void readsAlso(LabVCenter other) throws IOException {
        Files.writeString(images().resolve("others"), other.images() + "\n");
    }

    private String fact(String name) {
        return Objects.requireNonNull(facts.get(name), () -> "the lab vCenter did not tell its " + name);
    }

    /** Ends it and waits for that. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        "the lab vCenter did not end within %d s; its log is %s".formatted(SECONDS_TO_END, log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
