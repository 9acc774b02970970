package io.migratekit.shell;

import io.migratekit.shell.command.CommandConfiguration;
import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.NameSource;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.shell.core.ShellRunner;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.jline.CommandHighlighter;

/**
 * The console's own beans. Spring Shell's auto-configuration is left out on purpose: it opens the terminal and the
 * history for every one-shot command, writes the history into the working directory, ignores unknown options and lets
 * exit codes vanish. Its registry, runner, highlighter and tables are used.
 */
@Configuration(proxyBeanMethods = false)
@Import(CommandConfiguration.class)
class ConsoleConfiguration {

    @Bean
    Console console(Commands commands, Screen screen, ObjectProvider<ShellRunner> prompt) {
        return new Console(commands, screen, prompt);
    }

    @Bean
    @Lazy
    Terminal terminal() {
        return Terminals.open();
    }

    @Bean
    Screen screen(ObjectProvider<Terminal> terminal) {
        return Terminals.screen(terminal::getObject);
    }

    @Bean
    @Lazy
    LineParser lineParser(Commands commands) {
        return new LineParser(commands.parser());
    }

    @Bean
    @Lazy
    CommandRegistry commandRegistry(Commands commands, LineParser parser, Screen screen) {
        CommandRegistry registry = new CommandRegistry();
        commands.syntaxes()
                .forEach(syntax -> registry.registerCommand(new RegisteredCommand(syntax, commands, parser, screen)));
        return registry;
    }

    @Bean
    @Lazy
    LineReader lineReader(Terminal terminal, CommandRegistry registry, Commands commands, NameSource names) {
        return Terminals.lineReader(
                terminal,
                new LineCompleter(commands.parser(), commands.syntaxes(), names),
                new CommandHighlighter(registry),
                Home.fromEnvironment());
    }

    @Bean
    @Lazy
    ShellRunner shellRunner(LineReader reader, LineParser parser, CommandRegistry registry, Screen screen) {
        return new PromptRunner(new PromptedInput(reader), parser, registry, screen);
    }
}
