package io.migratekit.shell.command;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Names from the database; TAB must never end a console, so every failure is an empty list. */
final class EngineNames implements NameSource {
    private static final Logger log = LoggerFactory.getLogger(EngineNames.class);
    private static final int JOBS_OFFERED = 20;
    private static final int VOLUMES_OFFERED = 500;

    private final Engine engine;

    EngineNames(Engine engine) {
        this.engine = engine;
    }

    @Override
    public List<String> vmNames() {
        return quietly(() -> engine.service(MachineCatalog.class).names());
    }

    @Override
    public List<String> jobIds() {
        return quietly(() -> engine.service(Replications.class).list(JOBS_OFFERED).stream()
                .map(ReplicationJob::id)
                .toList());
    }

    @Override
    public List<String> volumeNames() {
        return quietly(() -> engine.service(JdbcClient.class)
                .sql("SELECT volume_name FROM ossea_volumes ORDER BY volume_name LIMIT " + VOLUMES_OFFERED)
                .query(String.class)
                .list());
    }

    @Override
    public List<String> osseaNames() {
        return quietly(() -> engine.service(OsseaConfigs.class).list().stream()
                .map(OsseaConfig::name)
                .toList());
    }

    @Override
    public List<String> vcenterNames() {
        return quietly(() -> engine.service(VmwareCredentials.class).list().stream()
                .map(VmwareCredential::name)
                .toList());
    }

    private static List<String> quietly(Supplier<List<String>> names) {
        try {
            return names.get();
        } catch (RuntimeException e) {
            log.warn("names for completion cannot be had", e);
            return List.of();
        }
    }
}
