package io.migratekit.source.vcenter.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.Vim;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private final Places places = new Places(reference("Folder", "group-d1"));

    @Test
    void findsTheWayUpFromAVAppInAVApp() {
        place("Datacenter", "datacenter-2", "DC0", "parent", reference("Folder", "group-d1"));
        place("Folder", "group-v3", "vm", "parent", reference("Datacenter", "datacenter-2"));
        places.add(new PropertyRow(
                reference("VirtualApp", "resgroup-v7"),
                Map.of(
                        "name", "shop",
                        "parent", reference("ResourcePool", "resgroup-8"),
                        "parentFolder", reference("Folder", "group-v3"))));
        places.add(new PropertyRow(
                reference("VirtualApp", "resgroup-v9"),
                Map.of(
                        "name", "front",
                        "parent", reference("VirtualApp", "resgroup-v7"),
                        "parentVApp", reference("VirtualApp", "resgroup-v7"))));
        PropertyRow machine = new PropertyRow(
                reference("VirtualMachine", "vm-16"),
                Map.of("name", "web01", "parentVApp", reference("VirtualApp", "resgroup-v9")));

        assertThat(places.path(machine)).isEqualTo("/DC0/vm/shop/front/web01");
    }

    private void place(String type, String id, String name, String way, ManagedObjectReference parent) {
        places.add(new PropertyRow(reference(type, id), Map.of("name", name, way, parent)));
    }

    private static ManagedObjectReference reference(String type, String id) {
        return Vim.reference(type, id);
    }
}
