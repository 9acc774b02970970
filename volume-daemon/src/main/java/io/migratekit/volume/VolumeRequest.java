package io.migratekit.volume;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/**
 * What can be asked of the daemon. A request is stored with its operation as JSON, so a field's name is part of the
 * database.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeRequest.Create.class, name = "create"),
    @JsonSubTypes.Type(value = VolumeRequest.Attach.class, name = "attach"),
    @JsonSubTypes.Type(value = VolumeRequest.Detach.class, name = "detach"),
    @JsonSubTypes.Type(value = VolumeRequest.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = VolumeRequest.Resize.class, name = "resize"),
    @JsonSubTypes.Type(value = VolumeRequest.Snapshot.class, name = "snapshot"),
    @JsonSubTypes.Type(value = VolumeRequest.Revert.class, name = "revert"),
    @JsonSubTypes.Type(value = VolumeRequest.DeleteSnapshots.class, name = "delete-snapshots"),
    @JsonSubTypes.Type(value = VolumeRequest.CloneSnapshots.class, name = "clone"),
    @JsonSubTypes.Type(value = VolumeRequest.Export.class, name = "export"),
    @JsonSubTypes.Type(value = VolumeRequest.Unexport.class, name = "unexport"),
    @JsonSubTypes.Type(value = VolumeRequest.Reinstate.class, name = "reinstate")
})
public sealed interface VolumeRequest {
    /** The appliance itself, wherever a VM is named: the back end knows which VM that is. */
    String APPLIANCE = "oma";

    /** Sizes are multiples of this. */
    int SECTOR_BYTES = 512;

    /** A longer context id fits neither a volume nor a snapshot set in the ledger. */
    int CONTEXT_CHARACTERS_MAX = 64;

    /** A longer id of a VM fits no attachment in the ledger. */
    int VM_CHARACTERS_MAX = 255;

    /** Returns the word that names the kind of operation, as in the JSON. */
    String type();

    /**
     * Makes an empty volume; every byte of it reads as zero.
     *
     * @param name unique among volumes that exist, 1 to 200 printable characters
     * @param sizeBytes from 512, a multiple of 512; a back end may round up, never down
     * @param context whose disk it will hold, 1 to 64 characters
     */
    record Create(String name, long sizeBytes, Optional<String> context) implements VolumeRequest {
        private static final int NAME_CHARACTERS_MAX = 200;

        public Create {
            boolean printable = name.codePoints().noneMatch(Character::isISOControl);
            if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX || !printable || !name.equals(name.strip())) {
                throw new IllegalArgumentException(
                        "'%s' is no name for a volume; 1 to %d printable characters are needed, without blanks at its ends"
                                .formatted(name, NAME_CHARACTERS_MAX));
            }
            checkSize(sizeBytes);
            context.ifPresent(VolumeRequest::checkContext);
        }

        @Override
        public String type() {
            return "create";
        }
    }

    /**
     * Attaches a volume that is attached nowhere.
     *
     * @param volume which
     * @param vmId the VM, 1 to 255 characters, {@link #APPLIANCE} for this one
     * @param root whether it becomes the VM's root disk (device 0)
     */
    record Attach(VolumeId volume, String vmId, boolean root) implements VolumeRequest {
        public Attach {
            if (vmId.isBlank()) {
                throw new IllegalArgumentException(
                        "volume %s is to be attached to no VM; name one, or '%s' for this appliance"
                                .formatted(volume, APPLIANCE));
            }
            if (vmId.length() > VM_CHARACTERS_MAX) {
                throw new IllegalArgumentException(
                        "an id of %d characters is no VM's; give one of %d at most, as the back end shows it"
                                .formatted(vmId.length(), VM_CHARACTERS_MAX));
            }
        }

        @Override
        public String type() {
            return root ? "attach-root" : "attach";
        }
    }

    /** Detaches a volume. Refused while it is exported. */
    record Detach(VolumeId volume) implements VolumeRequest {
        @Override
        public String type() {
            return "detach";
        }
    }

    /** Deletes a volume and what it holds, for ever. Refused while it is attached, exported or has snapshots. */
    record Delete(VolumeId volume) implements VolumeRequest {
        @Override
        public String type() {
            return "delete";
        }
    }

    /**
     * Makes a volume larger; the new bytes read as zero. Refused while it is exported.
     *
     * @param volume which
     * @param sizeBytes the new size, not below the old one
     */
    record Resize(VolumeId volume, long sizeBytes) implements VolumeRequest {
        public Resize {
            checkSize(sizeBytes);
        }

        @Override
        public String type() {
            return "resize";
        }
    }

    /**
     * Takes a snapshot of every volume of a VM, or of none. Refused while one is exported, since it may be written.
     *
     * @param context the VM's context id, 1 to 64 characters
     */
    record Snapshot(String context) implements VolumeRequest {
        public Snapshot {
            checkContext(context);
        }

        @Override
        public String type() {
            return "snapshot";
        }
    }

    /** Puts all volumes of a set back to its moment. Refused while one is exported. */
    record Revert(SnapshotSetId set) implements VolumeRequest {
        @Override
        public String type() {
            return "revert";
        }
    }

    /** Removes the snapshots of a set; volumes keep what they hold. Refused while a clone of it exists. */
    record DeleteSnapshots(SnapshotSetId set) implements VolumeRequest {
        @Override
        public String type() {
            return "delete-snapshots";
        }
    }

    /**
     * Makes a new volume of every snapshot of a set, or none; the originals are not touched.
     *
     * @param set which
     * @param context who owns the clones: the context id of a test failover, 1 to 64 characters
     */
    record CloneSnapshots(SnapshotSetId set, String context) implements VolumeRequest {
        public CloneSnapshots {
            checkContext(context);
        }

        @Override
        public String type() {
            return "clone";
        }
    }

    /**
     * Exports a volume that is attached to this appliance under a new epoch. An export of an older epoch is ended
     * first, so that its writer can write no more.
     *
     * @param volume which
     * @param readOnly whether writes are refused
     */
    record Export(VolumeId volume, boolean readOnly) implements VolumeRequest {
        @Override
        public String type() {
            return "export";
        }
    }

    /**
     * Ends the export of a volume; when the operation is complete nothing is written through it any more.
     *
     * @param volume which
     * @param last where it is given, exports of later epochs go on: they are somebody else's by now; and nothing happens if
     *     it has ended already
     */
    record Unexport(VolumeId volume, Optional<ExportName> last) implements VolumeRequest {
        public Unexport {
            if (last.isPresent() && !last.get().volume().equals(volume)) {
                throw new IllegalArgumentException(
                        "export %s is to be ended for volume %s, whose it is not".formatted(last.get(), volume));
            }
        }

        /** Ends whatever export the volume has when its turn comes. */
        public Unexport(VolumeId volume) {
            this(volume, Optional.empty());
        }

        /** Ends an export of one's own, and no later one. */
        public Unexport(ExportName own) {
            this(own.volume(), Optional.of(own));
        }

        @Override
        public String type() {
            return "unexport";
        }
    }

    /**
     * Takes a volume that is in error into use again, once its back end has it as the ledger knows it: made by the same
     * operation, with our tag, not smaller, with its snapshots. What it holds may be another than before.
     */
    record Reinstate(VolumeId volume) implements VolumeRequest {
        @Override
        public String type() {
            return "reinstate";
        }
    }

    private static void checkContext(String context) {
        if (context.isBlank() || context.length() > CONTEXT_CHARACTERS_MAX) {
            throw new IllegalArgumentException("a context of %d characters; 1 to %d are needed, not all of them blanks"
                    .formatted(context.length(), CONTEXT_CHARACTERS_MAX));
        }
    }

    private static void checkSize(long sizeBytes) {
        if (sizeBytes < SECTOR_BYTES || sizeBytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "a volume of %d bytes; a multiple of %d above 0 is needed".formatted(sizeBytes, SECTOR_BYTES));
        }
    }
}
