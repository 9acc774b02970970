package io.migratekit.shell.command;

import io.migratekit.shell.home.Version;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code version}. */
final class VersionCommand implements ShellCommand {

    @Override
    public Syntax syntax() {
        return Syntax.of("Console", "version", "Prints the version, and the Java that runs it")
                .example("version")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        String java = System.getProperty("java.vm.name", "Java") + " " + System.getProperty("java.version", "?");
        screen.say("MigrateKit OSSEA " + Version.current());
        screen.say(java);
        return Result.done("version", Version.current(), "java", java);
    }
}
