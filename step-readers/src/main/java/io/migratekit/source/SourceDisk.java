package io.migratekit.source;

/**
 * A disk as its source describes it now.
 *
 * @param key identity within the machine
 * @param label what a person calls it, for messages
 * @param location where it is, for messages: datastore path, URI, file
 * @param capacityBytes size that the guest sees; 0 or more, possibly no multiple of 512
 */
public record SourceDisk(DiskKey key, String label, String location, long capacityBytes) {
    public SourceDisk {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("disk '%s' with a capacity of %d bytes".formatted(label, capacityBytes));
        }
    }
}
