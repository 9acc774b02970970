package io.migratekit.volume.cloudstack;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this machine can be recognised from outside.
 *
 * @param uuid as the firmware has it, in lower case; only root may read it
 * @param macAddresses of its network cards, in lower case with colons
 */
public record MachineIdentity(Optional<String> uuid, Set<String> macAddresses) {
    private static final Logger log = LoggerFactory.getLogger(MachineIdentity.class);

    public MachineIdentity {
        macAddresses = Set.copyOf(macAddresses);
    }

    /**
     * Reads this machine's.
     *
     * @param productUuid where the kernel shows the firmware's UUID, /sys/class/dmi/id/product_uuid
     */
    public static MachineIdentity read(Path productUuid) {
        return new MachineIdentity(firmwareUuid(productUuid), cardAddresses());
    }

    private static Optional<String> firmwareUuid(Path productUuid) {
        try {
            return Optional.of(Files.readString(productUuid).strip().toLowerCase(Locale.ROOT))
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            log.debug("this machine's UUID cannot be read from {}; its network cards are asked", productUuid, e);
            return Optional.empty();
        }
    }

    private static Set<String> cardAddresses() {
        Set<String> found = new TreeSet<>();
        try {
            for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
                byte[] address = card.getHardwareAddress();
                if (address != null && address.length == 6) {
                    found.add(HexFormat.ofDelimiter(":").formatHex(address));
                }
            }
        } catch (SocketException e) {
            log.debug("this machine's network cards cannot be read", e);
        }
        return found;
    }
}
