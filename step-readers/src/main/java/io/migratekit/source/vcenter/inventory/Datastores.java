package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.DatastoreSummary;
import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the datastores that hold a machine, where its snapshots grow. */
public final class Datastores {
    private final VCenterSession session;

    public Datastores(VCenterSession session) {
        this.session = session;
    }

    /**
     * A datastore as vCenter last saw it.
     *
     * @param name of the datastore
     * @param freeBytes free space
     * @param capacityBytes its size
     * @param accessible whether it can be reached at all
     * @param type of its file system as vSphere names it, as in VMFS, NFS or vsan
     */
    public record Datastore(String name, long freeBytes, long capacityBytes, boolean accessible, String type) {}

    /** Returns those of a machine that the user may see. */
    public List<Datastore> of(ManagedObjectReference machine) throws SourceException {
        return session.ask("describe the datastores of " + machine.getVal(), vim -> of(vim, machine));
    }

    private static List<Datastore> of(Vim vim, ManagedObjectReference machine) throws IOException {
        ManagedObjectReference[] references = new PropertyQuestion()
                .of("VirtualMachine", "datastore")
                .ask(vim, machine)
                .get("datastore", ManagedObjectReference[].class)
                .orElseGet(() -> new ManagedObjectReference[0]);
        List<Datastore> datastores = new ArrayList<>();
        for (ManagedObjectReference reference : references) {
            new PropertyQuestion()
                    .of("Datastore", "summary")
                    .ask(vim, reference)
                    .get("summary", DatastoreSummary.class)
                    .map(Datastores::datastore)
                    .ifPresent(datastores::add);
        }
        return datastores;
    }

    private static Datastore datastore(DatastoreSummary summary) {
        return new Datastore(
                Names.shown(String.valueOf(summary.getName())),
                summary.getFreeSpace(),
                summary.getCapacity(),
                summary.isAccessible(),
                String.valueOf(summary.getType()));
    }
}
