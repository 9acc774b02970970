package io.migratekit.source.vddk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The program that reads disks: nbdkit and a plugin that understands the parameters of nbdkit-vddk-plugin(1).
 *
 * @param nbdkit absolute path of nbdkit
 * @param plugin the plugin's name or file: vddk
 * @param arguments what the plugin needs before the parameters of the disk: usually nothing; never a secret
 * @param libraryFolder where VDDK is unpacked (vmware-vix-disklib-distrib); empty for the plugin's default
 */
public record VddkPlugin(Path nbdkit, String plugin, List<String> arguments, Optional<Path> libraryFolder) {
    private static final Pattern PLUGIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./-]*");

    public VddkPlugin {
        arguments = List.copyOf(arguments);
        if (!nbdkit.isAbsolute()) {
            throw new IllegalArgumentException("nbdkit at '%s'; an absolute path is needed".formatted(nbdkit));
        }
        if (!PLUGIN.matcher(plugin).matches()) {
            throw new IllegalArgumentException(
                    "nbdkit plugin '%s'; a plugin's name as in vddk, or its file, is needed".formatted(plugin));
        }
        if (arguments.stream().anyMatch(argument -> argument.startsWith("password="))) {
            throw new IllegalArgumentException(
                    "nbdkit plugin '%s' gets a password as argument, which every user of this machine can read; remove it"
                            .formatted(plugin));
        }
        libraryFolder.filter(folder -> !folder.isAbsolute()).ifPresent(folder -> {
            throw new IllegalArgumentException("VDDK folder '%s'; an absolute path is needed".formatted(folder));
        });
    }

    /** nbdkit where distributions install it, with its vddk plugin. */
    public static VddkPlugin defaults() {
        return new VddkPlugin(Path.of("/usr/bin/nbdkit"), "vddk", List.of(), Optional.empty());
    }
}
