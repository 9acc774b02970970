package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceAdapter;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens machines whose disks all belong to one machine of one lab. */
final class LabAdapter implements SourceAdapter {

    @Override
    public String form() {
        return "a lab disk (lab:/folder/VM/DISKKEY)";
    }

    @Override
    public boolean accepts(SourceRef ref) {
        return ref.text().startsWith(LabRef.SCHEME);
    }

    @Override
    public SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException {
        Map<DiskKey, DiskKey> labKeys = new LinkedHashMap<>();
        LabRef first = LabRef.parse(disks.values().iterator().next());
        for (Map.Entry<DiskKey, SourceRef> entry : disks.entrySet()) {
            LabRef ref = LabRef.parse(entry.getValue());
            if (!ref.lab().equals(first.lab()) || !ref.vm().equals(first.vm())) {
                throw new IllegalArgumentException(
                        "the disks of machine '%s' belong to '%s' and '%s'; they could not be frozen at one moment"
                                .formatted(machineName, first.vm(), ref.vm()));
            }
            if (labKeys.containsValue(ref.disk())) {
                throw new IllegalArgumentException(
                        "machine '%s' names '%s' twice".formatted(machineName, entry.getValue()));
            }
            labKeys.put(entry.getKey(), ref.disk());
        }
        return new LabMachine(vm(first), labKeys);
    }

    private static LabVm vm(LabRef ref) throws IOException {
        if (!Files.isDirectory(ref.lab())) { // Lab.open would make it
            throw new SourceException.NotFound("there is no lab in %s".formatted(ref.lab()));
        }
        return Lab.open(ref.lab()).vm(ref.vm());
    }
}
