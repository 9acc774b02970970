package io.migratekit.config.account;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in a cloud volumes and machines are made, each named by the cloud's id: 1 to 64 letters, digits and '-'.
 *
 * @param zone where
 * @param diskOffering of volumes
 * @param serviceOffering of machines, if one is preferred
 * @param network of machines, if one is preferred
 * @param template of machines, if one is preferred
 * @param omaVm the VM that this appliance is; empty lets it find out
 */
public record OsseaPlace(
        String zone,
        String diskOffering,
        Optional<String> serviceOffering,
        Optional<String> network,
        Optional<String> template,
        Optional<String> omaVm) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public OsseaPlace {
        check("zone", zone);
        check("disk offering", diskOffering);
        serviceOffering.ifPresent(id -> check("service offering", id));
        network.ifPresent(id -> check("network", id));
        template.ifPresent(id -> check("template", id));
        omaVm.ifPresent(id -> check("VM", id));
    }

    /** Returns a place without preferences. */
    public static OsseaPlace of(String zone, String diskOffering) {
        return new OsseaPlace(
                zone, diskOffering, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static void check(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no id of a %s; 1 to 64 letters, digits and '-' are".formatted(id, what));
        }
    }
}
