package io.migratekit.source;

/**
 * A moment of one disk that later changes can be asked for, as the source wrote it: {@code uuid/sequence} for CBT, the
 * name of a dirty bitmap and how much of it was dirty for qemu. Two change ids may be compared by the source only if their {@link #lineage} is
 * equal; sequences are never ordered (VMware, "Changed Block Tracking": changeId).
 *
 * @param text not empty, at most 191 characters
 */
public record ChangeId(String text) {
    public ChangeId {
        if (text.isBlank() || text.length() > 191) {
            throw new IllegalArgumentException("change id '%s'; 1 to 191 characters are needed".formatted(text));
        }
    }

    /** Returns the part before the last slash, or the whole text if there is none. */
    public String lineage() {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    @Override
    public String toString() {
        return text;
    }
}
