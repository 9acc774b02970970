package io.migratekit.source.vcenter.session;

import com.vmware.vim25.EntityPrivilege;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.PrivilegeAvailability;
import io.migratekit.source.SourceException;
import java.util.ArrayList;
import java.util.List;

/** Which of the privileges that a replication needs a session's user has. */
public final class Privileges {
    /** What the work on a machine needs, by vSphere's names. */
    public static final List<String> NEEDED = List.of(
            "System.View",
            "System.Read",
            "VirtualMachine.State.CreateSnapshot",
            "VirtualMachine.State.RemoveSnapshot",
            "VirtualMachine.Config.ChangeTracking",
            "VirtualMachine.Provisioning.DiskRandomRead",
            "VirtualMachine.Provisioning.GetVmFiles");

    private final VCenterSession session;

    public Privileges(VCenterSession session) {
        this.session = session;
    }

    /** Returns those of {@link #NEEDED} that the user lacks on an object. */
    public List<String> missing(ManagedObjectReference object) throws SourceException {
        EntityPrivilege[] answers = session.ask(
                "tell the privileges of its user",
                vim -> vim.api()
                        .hasPrivilegeOnEntities(
                                vim.content().getAuthorizationManager(),
                                new ManagedObjectReference[] {object},
                                vim.sessionKey(),
                                NEEDED.toArray(String[]::new)));
        List<String> missing = new ArrayList<>(NEEDED);
        for (EntityPrivilege answer : answers == null ? new EntityPrivilege[0] : answers) {
            for (PrivilegeAvailability privilege : answer.getPrivAvailability()) {
                if (privilege.isIsGranted()) {
                    missing.remove(privilege.getPrivId());
                }
            }
        }
        return missing;
    }
}
