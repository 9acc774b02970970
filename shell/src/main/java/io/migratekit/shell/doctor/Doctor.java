package io.migratekit.shell.doctor;

import io.migratekit.shell.home.Home;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Looks at everything that MigrateKit stands on. */
public final class Doctor {
    private final Home home;
    private final Callable<String> database;

    /** @param database opens the database and says which one it is */
    public Doctor(Home home, Callable<String> database) {
        this.home = home;
        this.database = database;
    }

    /** Looks at all and returns what was found, in the order of what depends on what. Takes a few seconds. */
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(JavaChecks.look());
        findings.addAll(HomeChecks.look(home));
        findings.add(database());
        findings.addAll(NetworkChecks.look());
        findings.addAll(Tools.look());
        return findings;
    }

    private Finding database() {
        try {
            return Finding.ok("database", database.call());
        } catch (Exception e) {
            String message = e.getMessage();
            return Finding.error(
                    "database",
                    message == null ? e.toString() : message,
                    "see MIGRATEKIT_DB_URL, or move " + home.database() + " away");
        }
    }
}
