package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/**
 * What is known of a machine apart from its content.
 *
 * @param poweredOn whether its guest runs
 * @param sequence under which writes are noted now; grows with each snapshot
 * @param disks by key, in ascending order
 */
record VmState(boolean poweredOn, long sequence, Map<DiskKey, Disk> disks) {

    /**
     * A disk.
     *
     * @param capacityBytes size that the guest sees
     * @param lineage first part of its change ids; another one after change tracking was reset
     */
    record Disk(long capacityBytes, String lineage) {
        static Disk create(long capacityBytes) {
            return new Disk(capacityBytes, UUID.randomUUID().toString());
        }
    }

    VmState {
        disks = new LinkedHashMap<>(disks);
    }

    VmState power(boolean on) {
        return new VmState(on, sequence, disks);
    }

    VmState nextSequence() {
        return new VmState(poweredOn, sequence + 1, disks);
    }

    /** Returns the state with a disk of that size whose earlier changes are unknown. */
    VmState reset(DiskKey key, long capacityBytes) {
        VmState next = new VmState(poweredOn, sequence, disks);
        next.disks.put(key, Disk.create(capacityBytes));
        return next;
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("power", poweredOn ? "on" : "off");
        properties.setProperty("sequence", Long.toString(sequence));
        properties.setProperty(
                "disks",
                String.join(",", disks.keySet().stream().map(DiskKey::text).toList()));
        disks.forEach((key, disk) -> {
            properties.setProperty("disk." + key + ".capacityBytes", Long.toString(disk.capacityBytes));
            properties.setProperty("disk." + key + ".lineage", disk.lineage);
        });
        return properties;
    }

    static VmState of(Properties properties) {
        Map<DiskKey, Disk> disks = new LinkedHashMap<>();
        for (String key : properties.getProperty("disks", "").split(",", -1)) {
            if (!key.isEmpty()) {
                disks.put(
                        new DiskKey(key),
                        new Disk(
                                Long.parseLong(properties.getProperty("disk." + key + ".capacityBytes")),
                                properties.getProperty("disk." + key + ".lineage")));
            }
        }
        return new VmState(
                properties.getProperty("power", "off").equals("on"),
                Long.parseLong(properties.getProperty("sequence")),
                disks);
    }
}
