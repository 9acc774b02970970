package io.migratekit.source.vddk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shell that waits for the end of this process and then ends an nbdkit that is still there, and removes its folder.
 * It learns of our end by that of its input, which no other process holds open.
 */
final class Guard implements AutoCloseable {
    /** Reads process ids until the input ends; then $1 = folder, $2 = tenths of a second to wait, $3… = files. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pid=
            while read -r line; do pid=$line; done
            folder=$1; tenths=$2; shift 2
            rm -f "$folder/password"
            ours() { [ -n "$pid" ] && tr '\\0' '\\n' < "/proc/$pid/cmdline" 2>&- | grep -qF "$folder/"; }
            while ours && [ "$tenths" -gt 0 ]; do sleep 0.1; tenths=$((tenths - 1)); done
            ours && kill -9 "$pid"
            for name; do rm -f "$folder/$name"; done
            [ ! -d "$folder" ] || rmdir "$folder"
            """;

    private final Process process;
    private final OutputStream words;

    private Guard(Process process) {
        this.process = process;
        this.words = process.getOutputStream();
    }

    /** Starts the shell, before there is anything to guard. */
    static Guard start(PrivateFolder folder, Duration patience) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "migratekit-guard"));
        command.add(folder.path().toString());
        command.add(Long.toString(Math.max(1, patience.toMillis() / 100)));
        command.addAll(PrivateFolder.NAMES);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"));
        return new Guard(builder.start());
    }

    /** Names the process to be ended instead of an earlier one. */
    void watch(long pid) throws IOException {
        say(Long.toString(pid));
    }

    /** Names nobody: what was watched has ended, and its number may be another's. */
    void forget() throws IOException {
        say("");
    }

    private void say(String line) throws IOException {
        words.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        words.flush();
    }

    /** Lets the shell end; waits for that no longer than a moment, since nothing depends on it. */
    @Override
    public void close() {
        try {
            words.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the guard's input cannot be closed", e);
        } finally {
            process.onExit().completeOnTimeout(process, 1, TimeUnit.SECONDS).join();
        }
    }
}
