package io.migratekit.volume;

import java.util.Optional;

/**
 * A volume as the ledger knows it.
 *
 * @param id from its back end
 * @param name for people, unique among volumes that exist
 * @param context whose disk it holds: the context id of a VM, or of a test failover; empty if nobody's
 * @param backend which back end keeps it: {@code local}, or {@code ossea:} and the name of the configuration
 * @param sizeBytes what a guest sees, a multiple of 512
 * @param state how it is
 * @param attachment where it is attached
 * @param cloneOf the snapshot set that it was cloned from
 * @param reason why it is in {@link VolumeState#ERROR}
 * @param generation of its content, from 0: it grows when the volume may hold something else than what was written to
 *     its exports, because it was put back to a snapshot set, another VM had it, or it was in error
 */
public record Volume(
        VolumeId id,
        String name,
        Optional<String> context,
        String backend,
        long sizeBytes,
        VolumeState state,
        Optional<Attachment> attachment,
        Optional<SnapshotSetId> cloneOf,
        Optional<String> reason,
        long generation) {}
