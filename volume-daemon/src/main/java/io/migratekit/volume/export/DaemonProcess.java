package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The qemu-storage-daemon of one folder: a process with a session of its own, which outlives this one. It holds a lock
 * on its pid file as long as any of its threads lives; a free lock is the proof that nothing of it writes any more.
 *
 * @param folder exists with mode 700; holds the pid file, the QMP socket and the words it said when it started
 * @param command how it is started
 */
record DaemonProcess(Path folder, List<String> command) {
    static final String PID_FILE = "qemu.pid";

    private static final String PROGRAM = "qemu-storage-daemon";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /** It lives long and needs little; a password that we were given in a variable is not for it. */
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "HOME", "LANG", "LC_ALL");

    private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");

    DaemonProcess {
        command = List.copyOf(command);
    }

    /** Returns where the program is installed. */
    static Optional<Path> program() {
        return programOn(PATH);
    }

    static Optional<Path> programOn(String searchPath) {
        for (String place : searchPath.split(":", -1)) {
            Path program = Path.of(place).resolve(PROGRAM);
            if (!place.isEmpty() && Files.isExecutable(program)) {
                return Optional.of(program.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** Finds the process of a folder, however it was started. */
    static DaemonProcess in(Path folder) {
        return new DaemonProcess(folder.toAbsolutePath(), List.of());
    }

    /**
     * Describes the process that serves at an address.
     *
     * @param certificates folder with ca-cert.pem, server-cert.pem and server-key.pem; TLS is then demanded, and a
     *     client certificate
     */
    static DaemonProcess at(Path folder, NbdUri.Address address, Optional<Path> certificates) {
        Path home = folder.toAbsolutePath();
        Listening.checkPath(home.resolve("qmp.sock"));
        List<String> command =
                new ArrayList<>(List.of(program().orElse(Path.of(PROGRAM)).toString(), "--daemonize"));
        command.addAll(List.of("--pidfile", home.resolve(PID_FILE).toString()));
        command.addAll(
                List.of("--chardev", "socket,id=qmp,server=on,wait=off,path=" + escaped(home.resolve("qmp.sock"))));
        command.addAll(List.of("--monitor", "chardev=qmp"));
        certificates.ifPresent(place -> command.addAll(
                List.of("--object", "tls-creds-x509,id=tls,endpoint=server,verify-peer=on,dir=" + escaped(place))));
        command.addAll(List.of(
                "--nbd-server",
                nbdAddress(address) + ",max-connections=0" + (certificates.isPresent() ? ",tls-creds=tls" : "")));
        return new DaemonProcess(home, command);
    }

    Path qmpSocket() {
        return folder.resolve("qmp.sock");
    }

    Path pidFile() {
        return folder.resolve(PID_FILE);
    }

    /**
     * Returns the number of the process while it runs.
     *
     * @return empty if that is proven to be over
     */
    OptionalLong running() throws IOException {
        if (isPidFileFree()) {
            if (Listening.at(new NbdUri.Unix(qmpSocket()))) {
                throw new IOException(
                        "a process answers at %s, but does not hold its pid file %s; was that file deleted? End the process by hand"
                                .formatted(qmpSocket(), pidFile()));
            }
            return OptionalLong.empty();
        }
        String text;
        try {
            text = Files.readString(pidFile()).strip();
        } catch (NoSuchFileException e) {
            return running(); // it ended in order just now; another look proves it
        }
        if (!text.matches("[1-9][0-9]{0,9}")) {
            throw new IOException("%s is locked, but names no process: '%s'".formatted(pidFile(), text));
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** Tells whether the running process was started by the same command. */
    boolean isAsDescribed(long pid) throws IOException {
        String started = Files.readString(Path.of("/proc/%d/cmdline".formatted(pid)));
        return started.equals(String.join("\0", command) + "\0");
    }

    /** Starts it, and waits until it can be asked. Nothing else may have started it meanwhile. */
    void start() throws IOException {
        Path words = folder.resolve("qemu.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(words.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().keySet().retainAll(ENVIRONMENT);
        Process process = builder.start();
        // It goes into the background by itself once it listens; what ends here is its first half.
        int exitCode = awaitEnd(process);
        if (exitCode != 0) {
            String said = new String(Files.readAllBytes(words), StandardCharsets.UTF_8);
            throw new IOException("%s did not start (exit code %d): %s".formatted(PROGRAM, exitCode, said.strip()));
        }
    }

    private static int awaitEnd(Process process) throws IOException {
        try {
            if (process.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new IOException("%s was not ready after %d s".formatted(PROGRAM, START_TIMEOUT.toSeconds()));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while %s started".formatted(PROGRAM), e);
        }
    }

    private boolean isPidFileFree() throws IOException {
        try (FileChannel file = FileChannel.open(pidFile(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock =
                        file.tryLock(0, Long.MAX_VALUE, true)) { // shared: two who look do not mistake each other
            return lock != null;
        } catch (NoSuchFileException e) {
            return true; // it takes its pid file away when it ends in order
        } catch (OverlappingFileLockException e) {
            throw new IOException("%s is looked at by two threads at once".formatted(pidFile()), e);
        }
    }

    private static String nbdAddress(NbdUri.Address address) {
        if (address instanceof NbdUri.Tcp tcp) {
            if (tcp.port() == 0) {
                throw new IllegalArgumentException(
                        "qemu-storage-daemon needs a fixed port, as it does not tell which one the system chose");
            }
            return "addr.type=inet,addr.host=%s,addr.port=%d"
                    .formatted(tcp.host().replace(",", ",,"), tcp.port());
        }
        Path socket = ((NbdUri.Unix) address).path().toAbsolutePath();
        Listening.checkPath(socket);
        return "addr.type=unix,addr.path=" + escaped(socket);
    }

    /** In QEMU's options a comma ends a value, and two are one. */
    private static String escaped(Path path) {
        return path.toAbsolutePath().toString().replace(",", ",,");
    }
}
