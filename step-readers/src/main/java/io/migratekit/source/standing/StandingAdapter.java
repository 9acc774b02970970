package io.migratekit.source.standing;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceAdapter;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceRef;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Opens machines whose disks are named one by one, of any mix of kinds. */
final class StandingAdapter implements SourceAdapter {
    private final List<StandingDisks> kinds;

    StandingAdapter(List<StandingDisks> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public String form() {
        return kinds.stream().map(StandingDisks::form).collect(Collectors.joining("; "));
    }

    @Override
    public boolean accepts(SourceRef ref) {
        return kinds.stream().anyMatch(kind -> kind.accepts(ref));
    }

    @Override
    public SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException {
        Map<SourceRef, DiskKey> seen = new HashMap<>();
        disks.forEach((key, ref) -> {
            DiskKey other = seen.put(ref, key);
            if (other != null) {
                throw new IllegalArgumentException("disks %s and %s of machine '%s' have the same source '%s'"
                        .formatted(other, key, machineName, ref));
            }
        });
        return new StandingMachine(this::look, disks);
    }

    private StandingDisk look(DiskKey key, SourceRef ref) throws IOException {
        for (StandingDisks kind : kinds) {
            if (kind.accepts(ref)) {
                return kind.look(key, ref);
            }
        }
        throw new IllegalArgumentException("source '%s' is none of: %s".formatted(ref, form()));
    }
}
