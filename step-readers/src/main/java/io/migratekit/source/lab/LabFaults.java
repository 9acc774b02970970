package io.migratekit.source.lab;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The faults of a lab and the size of its pages; kept in the lab's folder, so that other processes suffer them too.
 *
 * @param times how often each fault still strikes; {@link #ALWAYS} for ever
 * @param pageAreasMax most areas of a page of a change query, at least 1
 * @param pageBytesMax most bytes that a page describes, at least 64 KiB
 * @param slowMillis what {@link LabFault#SLOW} adds to a page
 */
public record LabFaults(Map<LabFault, Integer> times, int pageAreasMax, long pageBytesMax, long slowMillis) {
    /** Strikes each time. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    public LabFaults {
        times = Map.copyOf(times);
        if (pageAreasMax < 1 || pageBytesMax < ChangeLog.BLOCK_BYTES || slowMillis < 0) {
            throw new IllegalArgumentException("pages of %d areas and %d bytes, %d ms slow; at least 1, %d and 0"
                    .formatted(pageAreasMax, pageBytesMax, slowMillis, ChangeLog.BLOCK_BYTES));
        }
    }

    /** No faults, and pages as a vCenter gives them: about 2000 areas. */
    public static LabFaults none() {
        return new LabFaults(Map.of(), 2000, 1L << 40, 0);
    }

    /** Returns these faults with one that strikes {@code count} times more. */
    public LabFaults with(LabFault fault, int count) {
        Map<LabFault, Integer> more = new EnumMap<>(LabFault.class);
        more.putAll(times);
        more.put(fault, count);
        return new LabFaults(more, pageAreasMax, pageBytesMax, slowMillis);
    }

    /** Returns these faults with other pages. */
    public LabFaults withPages(int areasMax, long bytesMax) {
        return new LabFaults(times, areasMax, bytesMax, slowMillis);
    }

    /** Returns these faults with {@link LabFault#SLOW} always, by {@code millis}. */
    public LabFaults slowBy(long millis) {
        return new LabFaults(times, pageAreasMax, pageBytesMax, millis).with(LabFault.SLOW, ALWAYS);
    }

    /** Tells whether {@code fault} strikes now. */
    boolean strikes(LabFault fault) {
        return times.getOrDefault(fault, 0) > 0;
    }

    /** Returns these faults after {@code fault} has struck. */
    LabFaults struck(LabFault fault) {
        int left = times.getOrDefault(fault, 0);
        return left == ALWAYS ? this : with(fault, left - 1);
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("page.areasMax", Integer.toString(pageAreasMax));
        properties.setProperty("page.bytesMax", Long.toString(pageBytesMax));
        properties.setProperty("slow.millis", Long.toString(slowMillis));
        times.forEach((fault, count) -> properties.setProperty(keyOf(fault), Integer.toString(count)));
        return properties;
    }

    static LabFaults of(Properties properties) {
        LabFaults none = none();
        Map<LabFault, Integer> times = new EnumMap<>(LabFault.class);
        for (LabFault fault : LabFault.values()) {
            int count = Integer.parseInt(properties.getProperty(keyOf(fault), "0"));
            if (count > 0) {
                times.put(fault, count);
            }
        }
        return new LabFaults(
                times,
                Integer.parseInt(properties.getProperty("page.areasMax", Integer.toString(none.pageAreasMax))),
                Long.parseLong(properties.getProperty("page.bytesMax", Long.toString(none.pageBytesMax))),
                Long.parseLong(properties.getProperty("slow.millis", "0")));
    }

    private static String keyOf(LabFault fault) {
        return "fault." + fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
