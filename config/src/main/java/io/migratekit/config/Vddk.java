package io.migratekit.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How disks of VMs in a vCenter are read ({@code migratekit.vddk}): by nbdkit and a plugin that understands the
 * parameters of nbdkit-vddk-plugin(1).
 *
 * @param nbdkit absolute path of nbdkit
 * @param plugin the plugin's name or file
 * @param pluginArguments what the plugin needs before the parameters of a disk, usually nothing; never a secret
 * @param library folder in which VDDK is unpacked (vmware-vix-disklib-distrib); the plugin's own default if left out
 * @param transports in order of preference; none lets VDDK choose
 * @param compression between VDDK and the host
 * @param connections that a copy may open to one disk, 2 to 4: each is a session of the host, which has about 50 for all
 * @param startTimeout from the start of nbdkit to its socket, 1 s to 1 h
 * @param openTimeout for its log-in, the opening of the disk and a first read, 1 s to 1 h
 * @param silenceTimeout how long nbdkit may leave a question unanswered until it is replaced, 1 s to 1 h
 * @param endTimeout how long it may take to end until it is killed, 1 s to 1 h
 */
public record Vddk(
        @DefaultValue("/usr/bin/nbdkit") Path nbdkit,
        @DefaultValue("vddk") String plugin,
        @DefaultValue List<String> pluginArguments,
        Optional<Path> library,
        @DefaultValue({"nbdssl", "nbd"}) List<Transport> transports,
        @DefaultValue("none") Compression compression,
        @DefaultValue("4") int connections,
        @DefaultValue("30s") Duration startTimeout,
        @DefaultValue("1m") Duration openTimeout,
        @DefaultValue("20s") Duration silenceTimeout,
        @DefaultValue("5s") Duration endTimeout) {

    /** How the bytes come here. */
    public enum Transport {
        /** Over the network, in the clear where the host allows it. */
        NBD,
        /** Over the network by TLS. */
        NBDSSL,
        /** From the storage itself, which this machine has to see. */
        SAN,
        /** By disks that are attached to this machine, which has to be a VM there. */
        HOTADD
    }

    /** How the bytes are packed on their way (vSphere 6.5 and later). */
    public enum Compression {
        NONE,
        ZLIB,
        FASTLZ,
        SKIPZ
    }

    public Vddk {
        pluginArguments = List.copyOf(pluginArguments);
        transports = List.copyOf(transports);
        requireAbsolute("nbdkit", nbdkit);
        library.ifPresent(folder -> requireAbsolute("library", folder));
        if (plugin.isBlank()) {
            throw new IllegalArgumentException("migratekit.vddk.plugin is empty; a plugin's name or file is needed");
        }
        Range.of("migratekit.vddk.connections").between(connections, 2, 4);
        Duration most = Duration.ofHours(1);
        Range.of("migratekit.vddk.start-timeout").between(startTimeout, Duration.ofSeconds(1), most);
        Range.of("migratekit.vddk.open-timeout").between(openTimeout, Duration.ofSeconds(1), most);
        Range.of("migratekit.vddk.silence-timeout").between(silenceTimeout, Duration.ofSeconds(1), most);
        Range.of("migratekit.vddk.end-timeout").between(endTimeout, Duration.ofSeconds(1), most);
    }

    private static void requireAbsolute(String setting, Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "migratekit.vddk.%s is '%s'; an absolute path is needed".formatted(setting, path));
        }
    }
}
