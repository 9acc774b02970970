package io.migratekit.shell.line;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns words into an {@link Invocation}, refusing what it does not know: a mistyped option of a program that moves
 * disks must not be ignored. Accepts {@code --option value}, {@code --option=value} and {@code --} (all that follows
 * are arguments). Words keep their blanks and quotes, since they are never joined into a line again.
 */
public final class StrictParser {
    private final Map<String, Syntax> syntaxes = new TreeMap<>();

    public StrictParser(Collection<Syntax> commands) {
        commands.forEach(syntax -> syntaxes.put(syntax.name(), syntax));
    }

    /** Returns the command that the first words name, the longest name first. */
    public Optional<Syntax> command(List<String> words) {
        for (int count = Math.min(2, words.size()); count > 0; count--) {
            Syntax found = syntaxes.get(String.join(" ", words.subList(0, count)));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads the words of one command.
     *
     * @throws UsageException with what is wrong and what to type instead
     */
    public Invocation parse(List<String> words) {
        Syntax syntax = command(words).orElseThrow(() -> unknownCommand(words));
        int nameWords = syntax.name().split(" ", -1).length;
        Invocation call = new Scan(syntax).read(words.subList(nameWords, words.size()));
        if (!call.has("help")) {
            requireAll(call);
        }
        return call;
    }

    private UsageException unknownCommand(List<String> words) {
        String first = words.get(0);
        List<String> below = syntaxes.keySet().stream()
                .filter(name -> name.startsWith(first + " "))
                .toList();
        if (!below.isEmpty()) {
            return unknownBelow(words, below);
        }
        String typed = words.size() > 1 && !words.get(1).startsWith("-") ? first + " " + words.get(1) : first;
        Optional<String> meant = Names.nearest(first, firstWords()).or(() -> Names.nearest(typed, syntaxes.keySet()));
        return new UsageException("there is no command '%s'; %s".formatted(first, suggestion(meant, "help")));
    }

    private static UsageException unknownBelow(List<String> words, List<String> below) {
        if (words.size() == 1 || words.get(1).startsWith("-")) {
            return new UsageException("'%s' needs one more word: %s".formatted(words.get(0), String.join(", ", below)));
        }
        String typed = words.get(0) + " " + words.get(1);
        return new UsageException("there is no command '%s'; %s"
                .formatted(typed, suggestion(Names.nearest(typed, below), "help " + words.get(0))));
    }

    private List<String> firstWords() {
        return syntaxes.keySet().stream()
                .map(name -> name.split(" ", -1)[0])
                .distinct()
                .toList();
    }

    private static String suggestion(Optional<String> meant, String help) {
        return meant.map(name -> "did you mean '" + name + "'?").orElse("'" + help + "' lists what there is");
    }

    private static void requireAll(Invocation call) {
        Syntax syntax = call.syntax();
        long needed = syntax.positionals().stream()
                .filter(positional -> !positional.optional())
                .count();
        if (call.arguments().size() < needed) {
            Positional missing = syntax.positionals().get(call.arguments().size());
            throw usage(syntax, "<%s> is missing (%s)".formatted(missing.name(), missing.description()));
        }
        for (OptionSpec option : syntax.options()) {
            if (option.required() && !call.has(option.name())) {
                throw usage(syntax, "%s is missing (%s)".formatted(option.usage(), option.description()));
            }
        }
    }

    private static UsageException usage(Syntax syntax, String problem) {
        return new UsageException("%s: %s%nusage: %s".formatted(syntax.name(), problem, syntax.usage()));
    }

    /** One pass over the words after a command's name. */
    private static final class Scan {
        private final Syntax syntax;
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        Scan(Syntax syntax) {
            this.syntax = syntax;
        }

        Invocation read(List<String> words) {
            boolean onlyArguments = false;
            for (int at = 0; at < words.size(); at++) {
                String word = words.get(at);
                if (onlyArguments || !word.startsWith("-") || word.equals("-")) {
                    argument(word);
                } else if (word.equals("--")) {
                    onlyArguments = true;
                } else if (option(word, at + 1 < words.size() ? Optional.of(words.get(at + 1)) : Optional.empty())) {
                    at++;
                }
            }
            return new Invocation(syntax, arguments, values);
        }

        private void argument(String word) {
            if (syntax.positional(arguments.size()).isEmpty()) {
                throw usage(syntax, "'%s' is one argument too many".formatted(word));
            }
            arguments.add(word);
        }

        /** Returns whether the next word was used as the value. */
        private boolean option(String word, Optional<String> next) {
            int equals = word.indexOf('=');
            String typed = equals < 0 ? word : word.substring(0, equals);
            OptionSpec option = syntax.option(typed.equals("-h") ? "help" : typed.replaceFirst("^--", ""))
                    .orElseThrow(() -> unknownOption(typed));
            if (option.isFlag()) {
                if (equals >= 0) {
                    throw usage(syntax, "%s takes no value, but '%s' gives one".formatted(typed, word));
                }
                add(option, "true");
                return false;
            }
            if (equals >= 0) {
                add(option, word.substring(equals + 1));
                return false;
            }
            add(option, next.filter(value -> !isOption(value)).orElseThrow(() -> noValue(option)));
            return true;
        }

        private boolean isOption(String word) {
            return word.equals("--")
                    || (word.startsWith("--")
                            && syntax.option(word.substring(2)).isPresent());
        }

        private UsageException noValue(OptionSpec option) {
            return usage(
                    syntax,
                    "--%s needs a value: %s (--%s=VALUE where it begins with --)"
                            .formatted(option.name(), option.usage(), option.name()));
        }

        private void add(OptionSpec option, String value) {
            if (!option.choices().isEmpty() && !option.choices().contains(value)) {
                throw usage(
                        syntax,
                        "--%s is '%s'; it must be one of %s"
                                .formatted(option.name(), value, String.join(", ", option.choices())));
            }
            List<String> given = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
            if (!given.isEmpty() && !option.repeatable()) {
                throw usage(syntax, "--%s is given twice; give it once".formatted(option.name()));
            }
            given.add(value);
        }

        private UsageException unknownOption(String typed) {
            String refusal = syntax.refusals().get(typed.replaceFirst("^--", ""));
            if (refusal != null) {
                return new UsageException("%s: there is no option '%s', and there must not be: %s"
                        .formatted(syntax.name(), typed, refusal));
            }
            List<String> known = syntax.allOptions().stream()
                    .map(option -> "--" + option.name())
                    .toList();
            Optional<String> meant = Names.nearest(typed, known);
            return new UsageException("%s: there is no option '%s'; %s"
                    .formatted(syntax.name(), typed, suggestion(meant, "help " + syntax.name())));
        }
    }
}
