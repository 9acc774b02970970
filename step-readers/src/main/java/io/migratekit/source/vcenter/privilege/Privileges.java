package io.migratekit.source.vcenter.privilege;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.UserSession;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a vCenter whether the user of a session may do all that a replication does. */
public final class Privileges {
    /** All that a replication needs on a machine. */
    public static final List<String> NEEDED = List.of(
            "System.View",
            "System.Read",
            "VirtualMachine.State.CreateSnapshot",
            "VirtualMachine.State.RemoveSnapshot",
            "VirtualMachine.Config.ChangeTracking",
            "VirtualMachine.Provisioning.DiskRandomRead",
            "VirtualMachine.Provisioning.GetVmFiles");

    /** What VDDK needs beside those, at the top of the tree. */
    public static final List<String> NEEDED_AT_TOP =
            List.of("Global.DisableMethods", "Global.EnableMethods", "Global.Licenses");

    private final VCenterSession session;

    public Privileges(VCenterSession session) {
        this.session = session;
    }

    /** Returns those of {@link #NEEDED} and {@link #NEEDED_AT_TOP} that the user does not have at the top of the tree. */
    public List<String> missingAtTop() throws SourceException {
        List<String> all = new ArrayList<>(NEEDED);
        all.addAll(NEEDED_AT_TOP);
        return session.ask(
                "tell the privileges of its user",
                vim -> missing(vim, vim.content().getRootFolder(), all));
    }

    /** Returns those of {@link #NEEDED} that the user does not have on a machine. */
    public List<String> missingOn(ManagedObjectReference machine) throws SourceException {
        return session.ask(
                "tell the privileges of its user on " + machine.getVal(), vim -> missing(vim, machine, NEEDED));
    }

    private static List<String> missing(Vim vim, ManagedObjectReference where, List<String> needed) throws IOException {
        ManagedObjectReference manager = vim.content().getAuthorizationManager();
        boolean @Nullable [] granted =
                vim.api().hasPrivilegeOnEntity(manager, where, sessionKey(vim), needed.toArray(String[]::new));
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < needed.size(); i++) {
            if (granted == null || i >= granted.length || !granted[i]) {
                missing.add(needed.get(i));
            }
        }
        return missing;
    }

    private static String sessionKey(Vim vim) throws IOException {
        return new PropertyQuestion()
                .of("SessionManager", "currentSession")
                .ask(vim, vim.content().getSessionManager())
                .get("currentSession", UserSession.class)
                .map(UserSession::getKey)
                .orElseThrow(() -> new SourceException.Unavailable("it does not tell the session"));
    }
}
