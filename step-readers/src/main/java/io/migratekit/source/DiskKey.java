package io.migratekit.source;

/**
 * Identity of a disk within its virtual machine, never its position: the device key in vSphere ("2000"), a number
 * given when the VM was added for disks named by URI.
 *
 * @param text 1 to 64 characters
 */
public record DiskKey(String text) {
    public DiskKey {
        if (text.isBlank() || text.length() > 64) {
            throw new IllegalArgumentException("disk key '%s'; 1 to 64 characters are needed".formatted(text));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
