package io.migratekit.shell.command;

import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** One command. Stateless: the console runs it many times. */
public interface ShellCommand {

    /** Returns how it is typed. */
    Syntax syntax();

    /**
     * Runs it on the calling thread. Text goes to {@code screen}; the object of the result is printed by the caller.
     *
     * @param interrupt told what to stop, by commands for which an interrupted thread is not enough
     * @throws Exception any failure; {@link Failure} turns it into a message and an exit code
     */
    Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception;
}
