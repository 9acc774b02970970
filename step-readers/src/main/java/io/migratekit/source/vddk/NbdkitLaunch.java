package io.migratekit.source.vddk;

import io.migratekit.source.SourceException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that an nbdkit for one disk is started with, as often as needed. */
record NbdkitLaunch(
        VddkSettings settings,
        VddkServer server,
        VddkDisk disk,
        PrivateFolder folder,
        Guard guard,
        SecretMask mask,
        LogInSecret secret) {

    /** NFC buffers of a host end at 2 MiB; longer requests are cut by nbdkit. */
    private static final String REQUEST_BYTES_MAX = "2M";

    /** Beside the copy's connections: one for a trial, one for the look after a silent nbdkit. */
    private static final int OWN_CONNECTIONS = 2;

    NbdkitExplanation explanation() {
        return new NbdkitExplanation(disk, server, mask);
    }

    /**
     * Starts nbdkit and waits until its socket listens. It ends with the thread that calls this, so that has to be one
     * that stays.
     *
     * @throws SourceException with what nbdkit said, if it ends at once or takes too long
     */
    Nbdkit start() throws SourceException {
        try {
            Password password = secret.next();
            folder.clear();
            folder.writePassword(password);
            try {
                Nbdkit nbdkit = Nbdkit.start(builder(), this);
                nbdkit.awaitSocket();
                return nbdkit;
            } finally {
                folder.deletePassword();
            }
        } catch (SourceException e) {
            throw e;
        } catch (IOException | UncheckedIOException e) {
            throw explanation().notStarted(settings.plugin().nbdkit(), e);
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        String home = environment.getOrDefault("HOME", "/");
        environment.clear(); // ours may hold keys
        environment.putAll(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C.UTF-8", "HOME", home));
        return builder;
    }

    /** See nbdkit(1) and nbdkit-vddk-plugin(1). */
    List<String> words() {
        VddkPlugin plugin = settings.plugin();
        List<String> words = new ArrayList<>(List.of(plugin.nbdkit().toString(), "--exit-with-parent", "--readonly"));
        words.addAll(List.of(
                "--unix", folder.socket().toString(), "--pidfile", folder.pid().toString()));
        // VDDK tells a wrong thumbprint only to those who debug; each request would be too much.
        words.addAll(List.of("--verbose", "-D", "nbdkit.backend.datapath=0", "-D", "vddk.datapath=0"));
        // The plugin promises nothing of several connections; what it reads is frozen and never written, so they agree.
        words.addAll(List.of(
                "--filter=multi-conn",
                "--filter=limit",
                "--filter=cacheextents",
                "--filter=blocksize",
                plugin.plugin()));
        words.addAll(plugin.arguments());
        words.addAll(parameters());
        return words;
    }

    private List<String> parameters() {
        List<String> words = new ArrayList<>(List.of(
                "server=" + server.host(),
                "user=" + server.user(),
                "password=+" + folder.password(),
                "thumbprint=" + server.thumbprint(),
                "vm=moref=" + disk.machine()));
        if (server.port() != VddkServer.HTTPS) {
            words.add("port=" + server.port());
        }
        disk.snapshot().ifPresent(snapshot -> words.add("snapshot=" + snapshot));
        if (!settings.transports().isEmpty()) {
            words.add("transports="
                    + settings.transports().stream().map(Object::toString).collect(Collectors.joining(":")));
        }
        words.add("compression=" + settings.compression());
        settings.plugin().libraryFolder().ifPresent(folder -> words.add("libdir=" + folder));
        words.add("file=" + disk.file());
        words.add("multi-conn-mode=unsafe");
        words.add("limit=" + (settings.connections() + OWN_CONNECTIONS));
        words.add("maxdata=" + REQUEST_BYTES_MAX);
        return words;
    }
}
