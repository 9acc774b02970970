package io.migratekit.config.account;

import java.time.Instant;
import java.util.Optional;

/**
 * A vCenter and as whom it is asked. The password is not part of it: {@link VmwareCredentials#password} opens it.
 *
 * @param name never changes; machines remember it
 * @param host never changes, since the password is sealed together with it
 * @param username such as {@code migratekit@vsphere.local}
 * @param datacenter where VMs are looked for; empty: in all
 * @param trust how the vCenter's certificate is checked
 * @param preferred whether it is taken where none is named; at most one is
 * @param lastUsed when somebody logged in with it
 * @param uses how often somebody did
 * @param addedAt when it was added
 * @param changedAt when it, or its password, was changed
 */
public record VmwareCredential(
        String name,
        VcenterHost host,
        String username,
        Optional<String> datacenter,
        ServerTrust trust,
        boolean preferred,
        Optional<Instant> lastUsed,
        long uses,
        Instant addedAt,
        Instant changedAt) {}
