package io.migratekit.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the adapter by the form of the references. */
final class RoutedMachines implements SourceMachines {
    private final List<SourceAdapter> adapters;

    RoutedMachines(List<SourceAdapter> adapters) {
        this.adapters = List.copyOf(adapters);
    }

    @Override
    public SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException {
        if (disks.isEmpty()) {
            throw new IllegalArgumentException("machine '%s' has no disks; name at least one".formatted(machineName));
        }
        for (SourceAdapter adapter : adapters) {
            if (disks.values().stream().allMatch(adapter::accepts)) {
                return adapter.open(machineName, disks);
            }
        }
        for (SourceRef ref : disks.values()) {
            if (adapters.stream().noneMatch(adapter -> adapter.accepts(ref))) {
                throw new IllegalArgumentException("source '%s' is none of: %s".formatted(ref, forms()));
            }
        }
        throw new IllegalArgumentException(
                "the disks of machine '%s' are of different kinds (%s); they could not be frozen at one moment"
                        .formatted(
                                machineName,
                                disks.values().stream().map(SourceRef::text).collect(Collectors.joining(", "))));
    }

    private String forms() {
        return adapters.stream().map(SourceAdapter::form).collect(Collectors.joining("; "));
    }
}
