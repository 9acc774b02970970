package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import java.util.List;

/** Somebody's words mean several accounts of vCenters; cause of the failure that says so. */
public final class SeveralAccounts extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<VmwareCredential> candidates;

    public SeveralAccounts(List<VmwareCredential> candidates) {
        super("%d accounts".formatted(candidates.size()));
        this.candidates = List.copyOf(candidates);
    }

    /** Returns those that are meant. */
    public List<VmwareCredential> candidates() {
        return candidates;
    }
}
