package io.migratekit.source.nbdexport;

import io.migratekit.source.ChangeId;
import java.util.Optional;

/**
 * What a bitmap was at a restore point, written as a change id {@code qemu:dirty-bitmap:NAME/BYTES}.
 *
 * @param context the bitmap's metadata context
 * @param dirtyBytes how much of it was dirty
 */
record BitmapMoment(String context, long dirtyBytes) {

    /** Reads a change id; empty if it is of another source, or tells no number of bytes. */
    static Optional<BitmapMoment> of(ChangeId changeId) {
        String bytes = changeId.text().substring(changeId.text().lastIndexOf('/') + 1);
        return bytes.matches("[0-9]{1,18}") && changeId.text().contains("/")
                ? Optional.of(new BitmapMoment(changeId.lineage(), Long.parseLong(bytes)))
                : Optional.empty();
    }

    ChangeId changeId() {
        return new ChangeId(context + "/" + dirtyBytes);
    }
}
