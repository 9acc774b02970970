package io.migratekit.config.account;

import io.migratekit.config.vault.SealedColumn;
import io.migratekit.config.vault.Secret;
import io.migratekit.config.vault.SecretOwner;
import io.migratekit.config.vault.Vault;
import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The vCenters that are known. Safe for many threads and processes. */
public final class VmwareCredentials extends NamedAccounts<VmwareCredential> {
    private static final int CHARACTERS_MAX = 255;

    private static final Table TABLE = new Table(
            "vmware_credentials",
            "credential_name",
            "is_default",
            "there are no credentials '%s'; 'vcenter list' shows those there are",
            "there are credentials '%s' already; choose another name, or change those with 'vcenter set' and 'vcenter password'",
            "%s are all marked as the default vCenter; 'vcenter use' chooses one");

    private final JdbcClient sql;
    private final Vault vault;
    private final Clock clock;

    public VmwareCredentials(JdbcClient sql, TransactionTemplate transaction, Vault vault, Clock clock) {
        super(sql, transaction, TABLE, VmwareCredentials::read);
        this.sql = sql;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * As whom a vCenter is asked.
     *
     * @param username 1 to 255 characters
     * @param datacenter where VMs are looked for; empty: in all
     */
    public record Login(VcenterHost host, String username, Optional<String> datacenter) {
        public Login {
            if (username.isBlank()
                    || username.length() > CHARACTERS_MAX
                    || username.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "the user name is empty, longer than %d characters, or holds a control character"
                                .formatted(CHARACTERS_MAX));
            }
            datacenter
                    .filter(name -> name.isBlank() || name.length() > CHARACTERS_MAX)
                    .ifPresent(name -> {
                        throw new IllegalArgumentException("the datacenter's name is empty or longer than %d characters"
                                .formatted(CHARACTERS_MAX));
                    });
        }
    }

    /**
     * Adds a vCenter. The first one is preferred.
     *
     * @throws AccountException of kind EXISTS if the name is taken
     * @throws IllegalArgumentException if the name is none
     * @throws io.migratekit.config.vault.VaultException if the password cannot be sealed
     */
    public VmwareCredential add(String name, Login login, ServerTrust trust, Secret password) {
        AccountName.checked(name);
        return vault.sealing(sealer -> {
            String now = SqlTime.text(clock.instant());
            try {
                sql.sql("""
                                INSERT INTO vmware_credentials (credential_name, vcenter_host, username, password_sealed,
                                    datacenter, ca_file, thumbprint, insecure, is_default, created_at, updated_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                        .params(
                                name,
                                login.host().text(),
                                login.username(),
                                sealer.seal(owner(name, login.host()), password).text(),
                                login.datacenter().orElse(""),
                                trust.storedCaFile(),
                                trust.storedThumbprint(),
                                trust.insecure(),
                                list().isEmpty(),
                                now,
                                now)
                        .update();
            } catch (DuplicateKeyException e) {
                throw exists(name, e);
            }
            return show(name);
        });
    }

    /**
     * Returns the one to take where none is named.
     *
     * @throws AccountException of kind NEEDS_DECISION if several are marked, which only somebody else can have done
     */
    public Optional<VmwareCredential> preferred() {
        return marked(VmwareCredential::preferred);
    }

    /**
     * Changes how the vCenter's certificate is checked.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public VmwareCredential trust(String name, ServerTrust trust) {
        show(name);
        sql.sql(
                        "UPDATE vmware_credentials SET ca_file = ?, thumbprint = ?, insecure = ?, updated_at = ? WHERE credential_name = ?")
                .params(
                        trust.storedCaFile(),
                        trust.storedThumbprint(),
                        trust.insecure(),
                        SqlTime.text(clock.instant()),
                        name)
                .update();
        return show(name);
    }

    /**
     * Opens the password.
     *
     * @throws io.migratekit.config.vault.VaultException if it does not open
     */
    public Secret password(String name) {
        return open(name, row -> vault.open(owner(name, read(row).host()), row.getString("password_sealed")));
    }

    /**
     * Replaces the password, as after it was changed in the vCenter.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public VmwareCredential replacePassword(String name, Secret password) {
        return vault.sealing(sealer -> {
            VcenterHost host = show(name).host();
            sql.sql("UPDATE vmware_credentials SET password_sealed = ?, updated_at = ? WHERE credential_name = ?")
                    .params(sealer.seal(owner(name, host), password).text(), SqlTime.text(clock.instant()), name)
                    .update();
            return show(name);
        });
    }

    /** Notes that somebody logged in with it. */
    public void used(String name) {
        sql.sql("UPDATE vmware_credentials SET last_used = ?, usage_count = usage_count + 1 WHERE credential_name = ?")
                .params(SqlTime.text(clock.instant()), name)
                .update();
    }

    /** Returns the names of the VMs that are read from its vCenter and have no other credentials for it. */
    public List<String> machines(String name) {
        String host = show(name).host().text();
        boolean others = list().stream()
                .anyMatch(other ->
                        !other.name().equals(name) && other.host().text().equals(host));
        return others
                ? List.of()
                : sql.sql("SELECT vm_name FROM vm_replication_contexts WHERE vcenter_host = ? ORDER BY vm_name")
                        .param(host)
                        .query(String.class)
                        .list();
    }

    /**
     * Forgets a vCenter and its password; nothing in the vCenter is touched.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public void remove(String name) {
        remove(name, () -> {});
    }

    private static VmwareCredential read(ResultSet row) throws SQLException {
        return new VmwareCredential(
                row.getString("credential_name"),
                new VcenterHost(row.getString("vcenter_host")),
                row.getString("username"),
                Optional.of(row.getString("datacenter")).filter(text -> !text.isEmpty()),
                ServerTrust.stored(row.getString("ca_file"), row.getString("thumbprint"), row.getBoolean("insecure")),
                row.getBoolean("is_default"),
                SqlTime.optionalInstant(row, "last_used"),
                row.getLong("usage_count"),
                SqlTime.instant(row, "created_at"),
                SqlTime.instant(row, "updated_at"));
    }

    private static SecretOwner owner(String name, VcenterHost host) {
        return new SecretOwner(SealedColumn.VMWARE_PASSWORD, name, host.text());
    }
}
