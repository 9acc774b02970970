package io.migratekit.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What every database must do with our migrations. */
abstract class MigrationContract {
    private static final String NOW = "'2026-11-01 10:11:12.123456'";

    /** Returns the URL of an empty database with user and password. */
    abstract Database database() throws Exception;

    record Database(String url, String user, String password, String vendor) {
        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        Flyway flyway() {
            return Flyway.configure()
                    .dataSource(url, user, password)
                    .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                    .load();
        }
    }

    @Test
    void migratesFromEmptyAndHoldsTheRulesInTheSchema() throws Exception {
        Database database = database();
        int count = database.flyway().info().all().length;
        assertThat(database.flyway().migrate().migrationsExecuted)
                .isEqualTo(count)
                .isPositive();
        assertThat(database.flyway().migrate().migrationsExecuted).isZero();
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO vm_replication_contexts (context_id, vm_name, created_at, updated_at) VALUES ('c1',"
                            + " 'wéb 01', " + NOW + ", " + NOW + ")");
            insertDisk(sql, "2000", "'/images/a.raw'");
            twoDisksNeverShareOneTarget(sql);
            targetsDifferByCase(sql);
            finishedCopiesHoldNoTarget(sql);
            theQueryThatPeopleRelyOnWorks(sql);
            historyOutlivesItsJob(sql);
            removingAMachineRemovesItsDisks(sql);
        }
    }

    @Test
    void machinesThatHadOneNameAreToldApartAndNoneGetsANameThatIsTaken() throws Exception {
        Database database = database();
        flywayTo(database, "9").migrate();
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            insertMachine(sql, "c-b", "twin", "vc1", "2026-11-01 10:00:00");
            insertMachine(sql, "c-a", "twin", "vc2", "2026-11-01 10:00:00");
            insertMachine(sql, "c-c", "twin", "", "2026-10-01 10:00:00");
            insertMachine(sql, "c-d", "Twin", "", "2026-11-01 10:00:00");

            database.flyway().migrate();

            List<String> names = new ArrayList<>();
            try (ResultSet rows = sql.executeQuery("SELECT vm_name FROM vm_replication_contexts ORDER BY context_id")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            assertThat(names).containsExactly("twin (c-a)", "twin (c-b)", "twin", "Twin");
            assertThatThrownBy(() -> insertMachine(sql, "c-e", "twin", "vc3", "2026-11-01 10:00:00"))
                    .isInstanceOf(SQLException.class);
            sql.execute("INSERT INTO vm_replication_contexts (context_id, vm_name, kind, created_at, updated_at)"
                    + " VALUES ('c-f', 'twin', 'copy', " + NOW + ", " + NOW + ")");
        }
    }

    private static Flyway flywayTo(Database database, String version) {
        return Flyway.configure()
                .configuration(database.flyway().getConfiguration())
                .target(version)
                .load();
    }

    private static void insertMachine(Statement sql, String id, String name, String host, String created)
            throws SQLException {
        sql.execute(
                "INSERT INTO vm_replication_contexts (context_id, vm_name, vcenter_host, created_at, updated_at) VALUES"
                        + " ('%s', '%s', '%s', '%s', %s)".formatted(id, name, host, created, NOW));
    }

    private static void twoDisksNeverShareOneTarget(Statement sql) {
        assertThatThrownBy(() -> insertDisk(sql, "2001", "'/images/a.raw'")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> insertDisk(sql, "2000", "'/images/b.raw'")).isInstanceOf(SQLException.class);
    }

    private static void targetsDifferByCase(Statement sql) throws SQLException {
        insertDisk(sql, "2002", "'/images/A.raw'");
    }

    private static void finishedCopiesHoldNoTarget(Statement sql) throws SQLException {
        insertDisk(sql, "2003", "NULL");
        insertDisk(sql, "2004", "NULL");
    }

    private static void theQueryThatPeopleRelyOnWorks(Statement sql) throws SQLException {
        for (int second = 10; second < 17; second++) {
            sql.execute("INSERT INTO replication_jobs (id, vm_context_id, source_vm_name, replication_type, created_at,"
                    + " updated_at) VALUES ('job-%d', 'c1', 'wéb 01', 'auto', '2026-11-01 10:11:%d.5', %s)"
                            .formatted(second, second, NOW));
        }
        List<String> ids = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery("SELECT id, source_vm_name, status, created_at FROM replication_jobs"
                + " WHERE source_vm_name = 'wéb 01' ORDER BY created_at DESC LIMIT 5")) {
            while (rows.next()) {
                ids.add(rows.getString("id"));
            }
        }
        assertThat(ids).containsExactly("job-16", "job-15", "job-14", "job-13", "job-12");
    }

    private static void historyOutlivesItsJob(Statement sql) throws SQLException {
        sql.execute("INSERT INTO cbt_history (vm_context_id, job_id, disk_id, sync_type, created_at) VALUES ('c1',"
                + " 'job-10', '2000', 'full', " + NOW + ")");
        sql.execute("DELETE FROM replication_jobs WHERE id = 'job-10'");
        assertThat(count(sql, "cbt_history")).isOne();
        assertThat(count(sql, "vm_disks")).isEqualTo(4);
    }

    private static void removingAMachineRemovesItsDisks(Statement sql) throws SQLException {
        sql.execute("DELETE FROM vm_replication_contexts WHERE context_id = 'c1'");
        assertThat(count(sql, "vm_disks")).isZero();
        assertThat(count(sql, "replication_jobs")).isZero();
    }

    private static void insertDisk(Statement sql, String key, String target) throws SQLException {
        sql.execute("INSERT INTO vm_disks (vm_context_id, disk_key, source_ref, target_ref, created_at, updated_at)"
                + " VALUES ('c1', '%s', '/source.raw', %s, %s, %s)".formatted(key, target, NOW, NOW));
    }

    private static int count(Statement sql, String table) throws SQLException {
        try (ResultSet rows = sql.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
