package io.migratekit.shell.home;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts this program again as a process of its own. */
public final class OwnProcess {
    private OwnProcess() {}

    /**
     * Prepares a child that lives and dies with its caller's care; it shares the caller's terminal until that redirects it.
     *
     * @param arguments as typed after {@code migratekit}
     */
    public static ProcessBuilder child(Home home, List<String> arguments) {
        List<String> line = new ArrayList<>();
        String launcher = System.getProperty("migratekit.launcher");
        if (launcher == null) {
            line.addAll(
                    List.of(java(), "-cp", System.getProperty("java.class.path"), "io.migratekit.shell.MigrateKit"));
        } else {
            line.add(launcher);
        }
        line.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(line);
        process.environment().put("MIGRATEKIT_SKIP_BUILD", "1"); // a job must not change its program half-way
        process.environment().put("MIGRATEKIT_HOME", home.folder().toString());
        process.redirectInput(ProcessBuilder.Redirect.INHERIT);
        return process;
    }

    /**
     * Starts a process that outlives this one and its terminal: in a session of its own where {@code setsid} is there
     * (util-linux), so that neither Ctrl-C nor a closed terminal reaches it.
     *
     * @param output receives what it prints
     * @param report where it tells its job
     */
    public static Process detached(Home home, List<String> arguments, Path output, Report report) throws IOException {
        ProcessBuilder process = child(home, arguments);
        process.environment().remove(Report.VARIABLE); // this process's own report is not the other one's
        report.folder().ifPresent(folder -> process.environment().put(Report.VARIABLE, folder.toString()));
        for (String folder : List.of("/usr/bin", "/bin")) {
            Path setsid = Path.of(folder, "setsid");
            if (Files.isExecutable(setsid)) {
                process.command().add(0, setsid.toString());
                break;
            }
        }
        process.redirectInput(new File("/dev/null"));
        process.redirectErrorStream(true);
        process.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        return process.start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
