package io.migratekit.job.vcenter;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.job.ledger.Machines;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterTrust;
import io.migratekit.source.vddk.Password;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The accounts of the database. Passwords are opened at each log-in, and kept by nobody. */
final class StoredAccounts implements VCenterAccounts {
    private static final int HTTPS = 443;

    private final VmwareCredentials credentials;
    private final Machines machines;

    StoredAccounts(VmwareCredentials credentials, Machines machines) {
        this.credentials = credentials;
        this.machines = machines;
    }

    /**
     * Returns all, first the one by which the machine was added, then those at the address where machines of that vCenter
     * were, the default one before others: which vCenter each leads to is for it to say, and one that is away need not be
     * asked.
     */
    @Override
    public List<VCenterAccount> candidates(String instanceUuid, String machineName) {
        String own = machines.credential(machineName).orElse("");
        Comparator<VmwareCredential> othersLast =
                Comparator.comparing(credential -> !credential.name().equals(own));
        List<String> hosts = machines.vcenterHosts(instanceUuid);
        Comparator<VmwareCredential> unknownLast = Comparator.comparing(
                credential -> !hosts.contains(credential.host().text()));
        return credentials.list().stream()
                .sorted(othersLast.thenComparing(unknownLast).thenComparing(credential -> !credential.preferred()))
                .map(this::account)
                .toList();
    }

    @Override
    public Optional<VCenterAccount> named(String name) {
        return credentials.find(name).map(this::account);
    }

    private VCenterAccount account(VmwareCredential credential) {
        URI address = address(credential.host());
        String host = address.getHost().replaceAll("[\\[\\]]", ""); // as URIs write addresses of IPv6
        return new VCenterAccount(
                credential.name(),
                host,
                address.getPort() < 0 ? HTTPS : address.getPort(),
                credential.username(),
                () -> password(credential.name()),
                trust(credential.trust()));
    }

    private static URI address(VcenterHost host) {
        return URI.create("https://" + host.text());
    }

    private Password password(String name) {
        Password password = Password.of(credentials.password(name).reveal());
        credentials.used(name);
        return password;
    }

    static VCenterTrust trust(ServerTrust trust) {
        if (trust.insecure()) {
            return new VCenterTrust.Insecure();
        }
        return trust.caFile()
                .<VCenterTrust>map(VCenterTrust.AuthorityFile::new)
                .or(() -> trust.thumbprint().map(VCenterTrust.Thumbprint::new))
                .orElseGet(VCenterTrust.SystemAuthorities::new);
    }
}
