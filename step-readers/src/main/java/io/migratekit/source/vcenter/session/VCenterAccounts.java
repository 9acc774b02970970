package io.migratekit.source.vcenter.session;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where accounts are kept. */
public interface VCenterAccounts {

    /**
     * Returns the accounts that may lead to a vCenter, those to be preferred first: the one that a machine was added by,
     * the ones that were stored for it, or all, where nobody knows. Their vCenters are asked who they are before anybody
     * logs in.
     *
     * @param instanceUuid of the vCenter, in lower case
     * @param machineName what we call the machine that is to be read
     */
    List<VCenterAccount> candidates(String instanceUuid, String machineName) throws IOException;

    /** Finds an account by the name that people gave it. */
    Optional<VCenterAccount> named(String name) throws IOException;
}
