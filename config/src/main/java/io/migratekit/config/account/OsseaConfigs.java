package io.migratekit.config.account;

import io.migratekit.config.account.AccountException.Kind;
import io.migratekit.config.vault.SealedColumn;
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

/** The clouds that are known. Safe for many threads and processes. */
public final class OsseaConfigs extends NamedAccounts<OsseaConfig> {
    private static final Table TABLE = new Table(
            "ossea_configs",
            "name",
            "is_active",
            "there is no OSSEA configuration '%s'; 'ossea list' shows those there are",
            "there is an OSSEA configuration '%s' already; choose another name, or change that one with 'ossea set' and 'ossea renew'",
            "%s are all marked as the active OSSEA configuration; 'ossea use' chooses one");

    private final JdbcClient sql;
    private final Vault vault;
    private final Clock clock;

    public OsseaConfigs(JdbcClient sql, TransactionTemplate transaction, Vault vault, Clock clock) {
        super(sql, transaction, TABLE, OsseaConfigs::read);
        this.sql = sql;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * Adds a cloud. The first one is active.
     *
     * @throws AccountException of kind EXISTS if the name is taken
     * @throws IllegalArgumentException if the name is none, or the endpoint needs TLS
     * @throws io.migratekit.config.vault.VaultException if its keys cannot be sealed
     */
    public OsseaConfig add(String name, OsseaEndpoint endpoint, OsseaPlace place, ServerTrust trust, OsseaKeys keys) {
        AccountName.checked(name);
        OsseaConfig.checkTrust(endpoint, trust);
        return vault.sealing(sealer -> {
            String now = SqlTime.text(clock.instant());
            try {
                sql.sql("""
                                INSERT INTO ossea_configs (name, api_url, api_key_sealed, secret_key_sealed, zone,
                                    disk_offering_id, service_offering_id, network_id, template_id, oma_vm_id, ca_file,
                                    thumbprint, insecure, is_active, created_at, updated_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                        .params(
                                name,
                                endpoint.toString(),
                                sealer.seal(apiKey(name, endpoint), keys.apiKey())
                                        .text(),
                                sealer.seal(secretKey(name, endpoint), keys.secretKey())
                                        .text(),
                                place.zone(),
                                place.diskOffering(),
                                place.serviceOffering().orElse(""),
                                place.network().orElse(""),
                                place.template().orElse(""),
                                place.omaVm().orElse(""),
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
     * Returns the one that new volumes are made in.
     *
     * @throws AccountException of kind NEEDS_DECISION if several are marked, which only somebody else can have done
     */
    public Optional<OsseaConfig> active() {
        return marked(OsseaConfig::active);
    }

    /**
     * Changes where in the cloud volumes are made, and how its certificate is checked.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public OsseaConfig change(String name, OsseaPlace place, ServerTrust trust) {
        OsseaConfig.checkTrust(show(name).endpoint(), trust);
        sql.sql("""
                        UPDATE ossea_configs SET zone = ?, disk_offering_id = ?, service_offering_id = ?, network_id = ?,
                            template_id = ?, oma_vm_id = ?, ca_file = ?, thumbprint = ?, insecure = ?, updated_at = ?
                        WHERE name = ?""")
                .params(
                        place.zone(),
                        place.diskOffering(),
                        place.serviceOffering().orElse(""),
                        place.network().orElse(""),
                        place.template().orElse(""),
                        place.omaVm().orElse(""),
                        trust.storedCaFile(),
                        trust.storedThumbprint(),
                        trust.insecure(),
                        SqlTime.text(clock.instant()),
                        name)
                .update();
        return show(name);
    }

    /**
     * Opens its keys.
     *
     * @throws io.migratekit.config.vault.VaultException if they do not open
     */
    public OsseaKeys keys(String name) {
        return open(name, row -> {
            OsseaEndpoint endpoint = read(row).endpoint();
            return new OsseaKeys(
                    vault.open(apiKey(name, endpoint), row.getString("api_key_sealed")),
                    vault.open(secretKey(name, endpoint), row.getString("secret_key_sealed")));
        });
    }

    /**
     * Replaces both keys, as after they were renewed in the cloud.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none
     */
    public OsseaConfig replaceKeys(String name, OsseaKeys keys) {
        return vault.sealing(sealer -> {
            OsseaEndpoint endpoint = show(name).endpoint();
            sql.sql("UPDATE ossea_configs SET api_key_sealed = ?, secret_key_sealed = ?, updated_at = ? WHERE name = ?")
                    .params(
                            sealer.seal(apiKey(name, endpoint), keys.apiKey()).text(),
                            sealer.seal(secretKey(name, endpoint), keys.secretKey())
                                    .text(),
                            SqlTime.text(clock.instant()),
                            name)
                    .update();
            return show(name);
        });
    }

    /** Returns the names of the volumes that are kept in this cloud. */
    public List<String> volumes(String name) {
        return sql.sql("SELECT volume_name FROM ossea_volumes WHERE backend = ? ORDER BY volume_name")
                .param("ossea:" + name)
                .query(String.class)
                .list();
    }

    /**
     * Forgets a cloud and its keys; nothing in the cloud is touched.
     *
     * @throws AccountException of kind NO_SUCH_THING if there is none, IN_USE if volumes are kept there
     */
    public void remove(String name) {
        remove(name, () -> requireUnused(name));
    }

    /**
     * Sees to it that no volume is kept in a cloud.
     *
     * @throws AccountException of kind IN_USE if one is
     */
    public void requireUnused(String name) {
        List<String> volumes = volumes(name);
        if (!volumes.isEmpty()) {
            throw new AccountException(
                    Kind.IN_USE,
                    "OSSEA configuration '%s' has %d volume(s), among them '%s'; without its keys they could not be reached. Delete them first"
                            .formatted(name, volumes.size(), volumes.get(0)));
        }
    }

    private static OsseaConfig read(ResultSet row) throws SQLException {
        return new OsseaConfig(
                row.getString("name"),
                OsseaEndpoint.of(row.getString("api_url")),
                new OsseaPlace(
                        row.getString("zone"),
                        row.getString("disk_offering_id"),
                        set(row, "service_offering_id"),
                        set(row, "network_id"),
                        set(row, "template_id"),
                        set(row, "oma_vm_id")),
                ServerTrust.stored(row.getString("ca_file"), row.getString("thumbprint"), row.getBoolean("insecure")),
                row.getBoolean("is_active"),
                SqlTime.instant(row, "created_at"),
                SqlTime.instant(row, "updated_at"));
    }

    private static Optional<String> set(ResultSet row, String column) throws SQLException {
        return Optional.of(row.getString(column)).filter(text -> !text.isEmpty());
    }

    private static SecretOwner apiKey(String name, OsseaEndpoint endpoint) {
        return new SecretOwner(SealedColumn.OSSEA_API_KEY, name, endpoint.toString());
    }

    private static SecretOwner secretKey(String name, OsseaEndpoint endpoint) {
        return new SecretOwner(SealedColumn.OSSEA_SECRET_KEY, name, endpoint.toString());
    }
}
