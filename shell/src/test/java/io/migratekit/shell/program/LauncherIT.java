package io.migratekit.shell.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a fresh clone, on machines that lack what a build needs: it says what to install, and builds nothing. */
final class LauncherIT {
    private static final String INSTALL_JDK = "apt-get install openjdk-17-jdk-headless";
    private static final String INSTALL_MAVEN = "3.8.7 or later is needed to build: apt-get install maven";

    @TempDir
    Path folder;

    private Path clone;
    private Path tools;
    private Path jdk;

    @BeforeEach
    void cloneAndTools() throws IOException {
        clone = Files.createDirectory(folder.resolve("a clone"));
        Files.copy(new Program(folder).launcher(), clone.resolve("migratekit"));
        executable(clone.resolve("migratekit"));
        Files.createFile(clone.resolve("pom.xml"));
        tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : new String[] {"bash", "env", "dirname", "readlink", "sed", "head", "sort", "find"}) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        jdk = folder.resolve("jdk");
    }

    @Test
    void withoutJava() throws Exception {
        assertThat(refusal(Map.of())).contains("no Java found; JDK 17 or later is needed: " + INSTALL_JDK);
    }

    @Test
    void withAJavaThatIsTooOld() throws Exception {
        for (String version : new String[] {"1.8.0_392", "11.0.20", "16"}) {
            java(version);
            assertThat(refusal(Map.of()))
                    .contains("Java " + version.replaceFirst("\\..*", "") + " at " + jdk.resolve("bin/java"))
                    .contains("is too old; JDK 17 or later is needed: " + INSTALL_JDK);
        }
    }

    @Test
    void withAJavaThatCannotCompile() throws Exception {
        java("17.0.15");
        assertThat(refusal(Map.of()))
                .contains("the Java at " + jdk.resolve("bin") + " has no compiler; a JDK is needed: " + INSTALL_JDK);
    }

    @Test
    void withAJavaHomeThatHoldsNoJava() throws Exception {
        assertThat(refusal(Map.of("JAVA_HOME", jdk.toString())))
                .contains("JAVA_HOME is '" + jdk + "', but there is no bin/java in it; unset it or set it to a JDK");
    }

    @Test
    void withoutMaven() throws Exception {
        java("17.0.15");
        script(jdk.resolve("bin/javac"), "exit 99");
        assertThat(refusal(Map.of())).contains("no Maven found; " + INSTALL_MAVEN);
    }

    @Test
    void withAMavenThatIsTooOld() throws Exception {
        java("21.0.1");
        script(jdk.resolve("bin/javac"), "exit 99");
        for (String version : new String[] {"3.6.3", "3.8.6", "2.2.1"}) {
            script(tools.resolve("mvn"), "echo 'Apache Maven " + version + " (some build)'");
            assertThat(refusal(Map.of())).contains("Maven " + version + " is too old; " + INSTALL_MAVEN);
        }
    }

    /** Starts it with nothing on the path but the tools and the JDK; returns what it says. */
    private String refusal(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(clone.resolve("migratekit").toString(), "version");
        builder.environment().clear();
        builder.environment().put("PATH", tools + ":" + jdk.resolve("bin"));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(1);
            assertThat(said.lines()).as("one message").hasSize(1);
            assertThat(clone.resolve("shell")).doesNotExist();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Puts a Java of that version where {@link #jdk} is, whose programs must not be needed to tell it. */
    private void java(String version) throws IOException {
        Files.createDirectories(jdk.resolve("bin"));
        script(jdk.resolve("bin/java"), "exit 99");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        executable(file);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
