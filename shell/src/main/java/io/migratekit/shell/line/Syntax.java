package io.migratekit.shell.line;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a command is typed and what its help says. Every command also takes {@code --json} and {@code --help}.
 *
 * @param name one or two words
 * @param group the heading in the list of commands
 * @param summary one line
 * @param details more lines for its help, possibly empty
 * @param positionals in order; only the last may be optional or take many
 * @param options besides the two that all commands have
 * @param refusals options that people try and that must not be, each with what to do instead
 * @param examples whole lines as one would type them after {@code migratekit}, with a remark after {@code #}
 */
public record Syntax(
        String name,
        String group,
        String summary,
        String details,
        List<Positional> positionals,
        List<OptionSpec> options,
        Map<String, String> refusals,
        List<String> examples) {

    private static final List<OptionSpec> EVERYWHERE = List.of(
            OptionSpec.flag("json", "print one JSON object on the last line, and nothing else on standard output"),
            OptionSpec.flag("help", "show this help"));

    public Syntax {
        positionals = List.copyOf(positionals);
        options = List.copyOf(options);
        refusals = Map.copyOf(refusals);
        examples = List.copyOf(examples);
    }

    /** Begins the syntax of a command. */
    public static Builder of(String group, String name, String summary) {
        return new Builder(group, name, summary);
    }

    /** Returns its own options and those of all commands. */
    public List<OptionSpec> allOptions() {
        List<OptionSpec> all = new ArrayList<>(options);
        all.addAll(EVERYWHERE);
        return all;
    }

    /** Returns the option with that name. */
    public Optional<OptionSpec> option(String optionName) {
        return allOptions().stream()
                .filter(option -> option.name().equals(optionName))
                .findFirst();
    }

    /** Returns the positional argument at {@code index}; the last one stands for all that follow if it takes many. */
    public Optional<Positional> positional(int index) {
        if (index < positionals.size()) {
            return Optional.of(positionals.get(index));
        }
        return positionals.isEmpty()
                ? Optional.empty()
                : Optional.of(positionals.get(positionals.size() - 1)).filter(Positional::many);
    }

    /** Returns the line that help begins with. */
    public String usage() {
        StringBuilder line = new StringBuilder(name);
        positionals.forEach(positional -> line.append(' ').append(positional.usage()));
        for (OptionSpec option : options) {
            String shown = option.usage() + (option.repeatable() ? " …" : "");
            line.append(' ').append(option.required() ? shown : "[" + shown + "]");
        }
        return line.toString();
    }

    /** Collects the parts of a syntax in the order in which help shows them. */
    public static final class Builder {
        private final String group;
        private final String name;
        private final String summary;
        private String details = "";
        private final List<Positional> positionals = new ArrayList<>();
        private final List<OptionSpec> options = new ArrayList<>();
        private final Map<String, String> refusals = new HashMap<>();
        private final List<String> examples = new ArrayList<>();

        private Builder(String group, String name, String summary) {
            this.group = group;
            this.name = name;
            this.summary = summary;
        }

        public Builder details(String text) {
            details = text;
            return this;
        }

        public Builder argument(String argument, String description, Completes completes) {
            positionals.add(new Positional(argument, description, false, false, completes));
            return this;
        }

        public Builder optionalArgument(String argument, String description, Completes completes) {
            positionals.add(new Positional(argument, description, true, false, completes));
            return this;
        }

        public Builder arguments(String argument, String description, boolean optional, Completes completes) {
            positionals.add(new Positional(argument, description, optional, true, completes));
            return this;
        }

        public Builder option(OptionSpec option) {
            options.add(option);
            return this;
        }

        /** Refuses an option, which must not be, with what to do instead. */
        public Builder refuse(String optionName, String instead) {
            refusals.put(optionName, instead);
            return this;
        }

        public Builder example(String line) {
            examples.add(line);
            return this;
        }

        public Syntax build() {
            return new Syntax(name, group, summary, details, positionals, options, refusals, examples);
        }
    }
}
