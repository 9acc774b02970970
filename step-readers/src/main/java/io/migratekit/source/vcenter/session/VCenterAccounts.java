package io.migratekit.source.vcenter.session;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where accounts are kept. */
public interface VCenterAccounts {

    /** Finds the account for a vCenter by the UUID of its installation, in lower case. */
    Optional<VCenterAccount> ofVCenter(String instanceUuid) throws IOException;

    /** Finds an account by the name that people gave it. */
    Optional<VCenterAccount> named(String name) throws IOException;

    /** Returns all names, for messages. */
    List<String> names() throws IOException;
}
