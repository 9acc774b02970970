package io.migratekit.config;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Refuses values outside a range, naming the setting, the value and the range. */
record Range(String setting) {

    static Range of(String setting) {
        return new Range(setting);
    }

    void between(long value, long first, long last) {
        check(value >= first && value <= last, value, first, last);
    }

    void between(Duration value, Duration first, Duration last) {
        check(value.compareTo(first) >= 0 && value.compareTo(last) <= 0, text(value), text(first), text(last));
    }

    void between(DataSize value, DataSize first, DataSize last) {
        check(value.compareTo(first) >= 0 && value.compareTo(last) <= 0, text(value), text(first), text(last));
    }

    void powerOfTwo(DataSize value, DataSize first, DataSize last) {
        between(value, first, last);
        if (Long.bitCount(value.toBytes()) != 1) {
            throw new IllegalArgumentException("%s is %s; it must be a power of two".formatted(setting, text(value)));
        }
    }

    private void check(boolean holds, Object value, Object first, Object last) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s; it must be %s to %s".formatted(setting, value, first, last));
        }
    }

    /** A duration as it is written in application.yml. */
    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    /** A size as it is written in application.yml, where 1 KB is 1024 bytes. */
    private static String text(DataSize size) {
        long bytes = size.toBytes();
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MB";
        }
        return bytes >= 1024 && bytes % 1024 == 0 ? (bytes >> 10) + "KB" : bytes + "B";
    }
}
