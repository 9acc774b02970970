package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.VirtualMachineSnapshotTree;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot with our mark, which is in its description: names can be given by anybody.
 *
 * @param reference managed object reference, as in snapshot-34
 * @param id ours, given when it was taken
 * @param name that it was taken with
 * @param taken when it was asked for by the vCenter's clock, to which its events keep; hosts have clocks of their own
 */
public record OwnSnapshot(String reference, String id, String name, Instant taken) {
    private static final String MARK = "migratekit-ossea:";
    private static final Pattern MARKED =
            Pattern.compile(MARK + "([0-9a-f-]{36})(?:@([0-9TZ:.-]+))?\\s.*", Pattern.DOTALL);

    /** Returns what a snapshot's description is to say. */
    static String description(String id, Instant asked) {
        return MARK + id + "@" + asked
                + " Taken by MigrateKit OSSEA for a replication, which removes it at its end. Please leave it there until then.";
    }

    /** Returns a snapshot of the tree, if it has our mark. */
    static Optional<OwnSnapshot> of(VirtualMachineSnapshotTree tree) {
        String description = tree.getDescription();
        Matcher mark = MARKED.matcher(description == null ? "" : description);
        if (!mark.matches()) {
            return Optional.empty();
        }
        return Optional.of(new OwnSnapshot(
                tree.getSnapshot().getVal(), mark.group(1), tree.getName(), taken(mark.group(2), tree)));
    }

    private static Instant taken(@Nullable String written, VirtualMachineSnapshotTree tree) {
        try {
            if (written != null) {
                return Instant.parse(written);
            }
        } catch (DateTimeParseException e) {
            // somebody edited the description: the host's clock has to do
        }
        return tree.getCreateTime() == null
                ? Instant.EPOCH
                : tree.getCreateTime().toInstant();
    }
}
