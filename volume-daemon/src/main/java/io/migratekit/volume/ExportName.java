package io.migratekit.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An export's name, {@code vol-<uuid>-e<epoch>}. A name is never used twice: each writer has an epoch of its own, and
 * with the export of an older epoch its writer is locked out.
 *
 * @param volume what is exported
 * @param epoch from 1; grows with every export of the volume
 */
public record ExportName(VolumeId volume, long epoch) {
    private static final Pattern TEXT = Pattern.compile("vol-([0-9a-f-]{36})-e([1-9][0-9]{0,17})");

    public ExportName {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch %d of volume %s; epochs begin at 1".formatted(epoch, volume));
        }
    }

    /** Reads a name. */
    @JsonCreator
    public static ExportName parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is no export name; vol-<uuid>-e<epoch> is one".formatted(text));
        }
        return new ExportName(new VolumeId(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @JsonValue
    @Override
    public String toString() {
        return "vol-%s-e%d".formatted(volume, epoch);
    }
}
