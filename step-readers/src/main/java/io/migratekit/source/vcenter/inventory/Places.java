package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.vcenter.property.PropertyRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tree of datacenters, folders and vApps, for paths. */
final class Places {
    /** Folders of vCenter nest less deep; more is a loop of a tree that was read while it changed. */
    private static final int DEPTH_MAX = 100;

    private final String root;
    private final Map<String, PropertyRow> byReference = new HashMap<>();

    /** Makes a tree below a root, whose name is in no path. */
    Places(ManagedObjectReference root) {
        this.root = root.getVal();
    }

    void add(PropertyRow row) {
        byReference.put(row.id(), row);
    }

    String path(PropertyRow machine) {
        Deque<String> names = new ArrayDeque<>();
        Optional<PropertyRow> each = Optional.of(machine);
        for (int depth = 0; each.isPresent() && depth < DEPTH_MAX; depth++) {
            PropertyRow place = each.get();
            names.push(Names.inPath(Names.shown(place.text("name").orElse(place.id()))));
            each = parent(place)
                    .filter(reference -> !reference.getVal().equals(root))
                    .map(reference -> byReference.get(reference.getVal()));
        }
        return "/" + String.join("/", names);
    }

    /** A vApp is a resource pool as well, and its {@code parent} is one; a machine in a vApp has no {@code parent}. */
    private static Optional<ManagedObjectReference> parent(PropertyRow row) {
        String direct = row.object().getType().equals("VirtualApp") ? "parentFolder" : "parent";
        return row.get(direct, ManagedObjectReference.class)
                .or(() -> row.get("parentVApp", ManagedObjectReference.class));
    }
}
