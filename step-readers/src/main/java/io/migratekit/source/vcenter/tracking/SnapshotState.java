package io.migratekit.source.vcenter.tracking;

import java.util.List;

/**
 * What a machine's snapshots are like, as one look saw it.
 *
 * @param own those with our mark
 * @param others the names of those without it, parents before children
 * @param chain how many files the longest of the disks is spread over, or one more than there are snapshots if that is
 *     more; 1 without any
 * @param consolidationNeeded whether files of removed snapshots wait to be merged
 */
public record SnapshotState(List<OwnSnapshot> own, List<String> others, int chain, boolean consolidationNeeded) {
    /** The longest chain to which a replication adds a snapshot: vSphere refuses more than 32, and is slow long before. */
    public static final int CHAIN_MAX = 28;

    public SnapshotState {
        own = List.copyOf(own);
        others = List.copyOf(others);
    }

    static SnapshotState of(MachineState state) {
        return new SnapshotState(
                state.snapshots().stream()
                        .flatMap(tree -> OwnSnapshot.of(tree).stream())
                        .toList(),
                state.snapshots().stream()
                        .filter(tree -> OwnSnapshot.of(tree).isEmpty())
                        .map(tree -> String.valueOf(tree.getName()))
                        .toList(),
                state.chain(),
                state.consolidationNeeded());
    }
}
