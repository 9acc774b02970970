package io.migratekit.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which volume: the UUID that its back end gave it, never a name, a size, an order or a device letter.
 *
 * @param text a UUID in lower case, 36 characters
 */
public record VolumeId(@JsonValue String text) implements Comparable<VolumeId> {
    /** Virtio serials have 20 bytes, so the name under /dev/disk/by-id has that many digits of the UUID. */
    private static final int SERIAL_CHARACTERS = 20;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @JsonCreator
    public VolumeId {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no volume id; a UUID in lower case is needed, as 'volume list' shows".formatted(text));
        }
    }

    /** Returns a new random id. */
    public static VolumeId random() {
        return new VolumeId(UUID.randomUUID().toString());
    }

    /** Returns the serial number that the hypervisor gives the disk: the first 20 hexadecimal digits of the UUID. */
    public String serial() {
        return text.replace("-", "").substring(0, SERIAL_CHARACTERS);
    }

    @Override
    public int compareTo(VolumeId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
