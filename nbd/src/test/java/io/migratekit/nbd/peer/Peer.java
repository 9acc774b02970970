package io.migratekit.nbd.peer;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A real NBD server as a child process on a unix socket, in a folder of its own. It is ended by {@link #close} or
 * {@link #kill}, at the latest when this JVM ends.
 */
public final class Peer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";

    private final ProcessHandle process;
    private final Path folder;

    private Peer(ProcessHandle process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** Tells whether {@code program} is on the path. */
    public static boolean installed(String program) {
        return Arrays.stream(PATH.split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(program)));
    }

    /**
     * Starts nbdkit.
     *
     * @param parent existing folder for socket and log, usually the test's temporary folder
     * @param arguments filters, plugin and parameters, as in {@code "memory", "1G"}
     */
    public static Peer nbdkit(Path parent, String... arguments) {
        Path folder = fresh(parent);
        // The pid file is written once the socket listens, so no probe disturbs filters that count connections.
        return start(
                folder, folder.resolve("pid"), with(List.of("nbdkit", "-f", "-P", folder + "/pid"), folder, arguments));
    }

    private static List<String> with(List<String> program, Path folder, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("-U", socketIn(folder).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts qemu-nbd for many connections, one after another or at once; {@code arguments} end with the image. */
    public static Peer qemuNbd(Path parent, String... arguments) {
        Path folder = fresh(parent);
        List<String> command = new ArrayList<>(List.of("qemu-nbd", "-t", "-e", "16"));
        command.addAll(
                List.of("--pid-file", folder + "/pid", "-k", socketIn(folder).toString()));
        command.addAll(List.of(arguments));
        return start(folder, folder.resolve("pid"), command);
    }

    /**
     * Starts qemu-storage-daemon with its NBD server on the socket; {@code arguments} are its {@code --blockdev},
     * {@code --export} and so on, where {@code type=nbd} exports need no address.
     */
    public static Peer storageDaemon(Path parent, String... arguments) {
        Path folder = fresh(parent);
        List<String> command = new ArrayList<>(List.of("qemu-storage-daemon", "--pidfile", folder + "/pid"));
        command.addAll(
                List.of("--nbd-server", "addr.type=unix,addr.path=" + socketIn(folder) + ",max-connections=100"));
        command.addAll(List.of(
                "--chardev",
                "socket,id=qmp,path=" + folder + "/qmp.sock,server=on,wait=off",
                "--monitor",
                "chardev=qmp"));
        command.addAll(List.of(arguments));
        return start(folder, folder.resolve("pid"), command);
    }

    /** Starts nbd-server; {@code exports} are sections of its configuration after {@code [generic]}. */
    public static Peer nbdServer(Path parent, String exports) {
        Path folder = fresh(parent);
        try {
            Files.writeString(
                    folder.resolve("config"),
                    "[generic]\nunixsock = %s\nlistenaddr = 127.0.0.1\n%s\n".formatted(socketIn(folder), exports));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // It goes into the background by itself; its pid file names the process that stays.
        run(START_TIMEOUT, "nbd-server", "-C", folder + "/config", "-p", folder + "/pid")
                .orFail();
        // The pid file comes first, then its content, and the socket last.
        await(
                folder.resolve("pid") + " did not appear",
                () -> !text(folder.resolve("pid")).isBlank(),
                () -> true,
                folder);
        await("nobody listens at " + socketIn(folder), () -> listens(socketIn(folder)), () -> true, folder);
        long pid = Long.parseLong(text(folder.resolve("pid")).strip());
        return owned(ProcessHandle.of(pid).orElseThrow(), folder);
    }

    /**
     * Starts any program and waits until it has made {@code ready}.
     *
     * @param folder existing folder for its log
     * @param ready file or socket that appears once the program answers
     */
    public static Peer start(Path folder, Path ready, List<String> command) {
        Process process = launch(command, folder.resolve("log"));
        Peer peer = owned(process.toHandle(), folder);
        try {
            await(ready + " did not appear", () -> Files.exists(ready), process::isAlive, folder);
        } catch (IllegalStateException e) {
            peer.kill();
            throw new IllegalStateException(command + ": " + e.getMessage(), e);
        }
        return peer;
    }

    private static Peer owned(ProcessHandle process, Path folder) {
        Peer peer = new Peer(process, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return peer;
    }

    private static void await(String otherwise, BooleanSupplier holds, BooleanSupplier alive, Path folder) {
        long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!holds.getAsBoolean()) {
            if (!alive.getAsBoolean() || System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(
                        "%s; the server says: %s".formatted(otherwise, text(folder.resolve("log"))));
            }
            pause();
        }
    }

    private static boolean listens(Path socket) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** Runs a program to its end, at most {@code timeout}; then it is killed and the test fails. */
    public static Result run(Duration timeout, String... command) {
        try {
            Path log = Files.createTempFile("peer-run", ".log");
            try {
                Process process = launch(List.of(command), log);
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new IllegalStateException(
                            "%s ran longer than %s; it says: %s".formatted(List.of(command), timeout, text(log)));
                }
                return new Result(process.exitValue(), text(log));
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + List.of(command) + " ran", e);
        }
    }

    /**
     * How a program ended.
     *
     * @param exitCode 0 where it succeeded
     * @param output what it wrote to both of its outputs
     */
    public record Result(int exitCode, String output) {
        /** Returns the output of a program that had to succeed. */
        public String orFail() {
            if (exitCode != 0) {
                throw new AssertionError("exit code %d: %s".formatted(exitCode, output));
            }
            return output;
        }
    }

    /** The unix socket that the server listens on. */
    public Path socket() {
        return socketIn(folder);
    }

    /** The folder that holds the socket, the log and, for qemu-storage-daemon, {@code qmp.sock}. */
    public Path folder() {
        return folder;
    }

    /** Where to reach an export of this server. */
    public NbdUri uri(String exportName) {
        return NbdUri.unix(socket(), exportName);
    }

    /** What the server has written to both of its outputs so far. */
    public String log() {
        return text(folder.resolve("log"));
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Ends the server, and what it forked for connections, as a crash would; waits for the end. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks the server to end, and kills it if that takes more than five seconds. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            kill();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(List<String> command, Path log) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PATH", PATH);
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fresh(Path parent) {
        try {
            return Files.createTempDirectory(parent, "peer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path socketIn(Path folder) {
        return folder.resolve("nbd.sock");
    }

    private static String text(Path log) {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
