package io.migratekit.shell;

import io.migratekit.shell.command.NameSource;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.StrictParser;
import io.migratekit.shell.line.Syntax;
import java.util.List;
import java.util.Optional;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** What TAB offers: commands, then options, their values, and names that exist. */
final class LineCompleter implements Completer {
    private final StrictParser parser;
    private final List<Syntax> syntaxes;
    private final NameSource names;
    private final Completer files = new Completers.FileNameCompleter();

    LineCompleter(StrictParser parser, List<Syntax> syntaxes, NameSource names) {
        this.parser = parser;
        this.syntaxes = syntaxes;
        this.names = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> before = line.words().subList(0, line.wordIndex());
        Optional<Syntax> syntax = parser.command(before);
        if (syntax.isEmpty()) {
            commands(before, candidates);
        } else {
            new Position(syntax.get(), before).offer(reader, line, candidates);
        }
    }

    private void commands(List<String> before, List<Candidate> candidates) {
        String prefix = before.isEmpty() ? "" : String.join(" ", before) + " ";
        for (Syntax syntax : syntaxes) {
            if (syntax.name().startsWith(prefix)) {
                String rest = syntax.name().substring(prefix.length());
                boolean whole = !rest.contains(" ");
                String word = whole ? rest : rest.substring(0, rest.indexOf(' '));
                candidates.add(candidate(word, whole ? syntax.summary() : ""));
            }
        }
        if (before.isEmpty()) {
            candidates.add(candidate("exit", "Leaves the console"));
        }
    }

    private static Candidate candidate(String word, String description) {
        return new Candidate(word, word, null, description.isEmpty() ? null : description, null, null, true);
    }

    /** Says what comes here, where nothing can be offered: choosing it changes nothing. */
    private static Candidate hint(String what, String description, ParsedLine line) {
        return new Candidate(line.word(), what, null, description, null, null, false);
    }

    /** Where in a command the cursor is. */
    private final class Position {
        private final Syntax syntax;
        private final List<String> words;

        Position(Syntax syntax, List<String> before) {
            this.syntax = syntax;
            this.words = before.subList(syntax.name().split(" ", -1).length, before.size());
        }

        void offer(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            Optional<OptionSpec> open = openOption();
            if (open.isPresent()) {
                open.get().choices().forEach(choice -> candidates.add(candidate(choice, "")));
                values(open.get().completes(), reader, line, candidates);
                boolean atFile =
                        open.get().completes() == Completes.FILES && line.word().isEmpty();
                if (candidates.isEmpty() || atFile) {
                    candidates.add(
                            hint("<" + open.get().valueName() + ">", open.get().description(), line));
                }
                return;
            }
            options(candidates);
            if (!line.word().startsWith("-")) {
                syntax.positional(argumentsGiven()).ifPresent(next -> {
                    values(next.completes(), reader, line, candidates);
                    if (next.completes() == Completes.NOTHING) {
                        candidates.add(hint(next.usage(), next.description(), line));
                    }
                });
            }
        }

        private Optional<OptionSpec> openOption() {
            return words.isEmpty() ? Optional.empty() : valued(words.get(words.size() - 1));
        }

        private Optional<OptionSpec> valued(String word) {
            return word.startsWith("--")
                    ? syntax.option(word.substring(2)).filter(option -> !option.isFlag())
                    : Optional.empty();
        }

        private int argumentsGiven() {
            int count = 0;
            for (int i = 0; i < words.size(); i++) {
                if (valued(words.get(i)).isPresent()) {
                    i++;
                } else if (!words.get(i).startsWith("-")) {
                    count++;
                }
            }
            return count;
        }

        private void options(List<Candidate> candidates) {
            syntax.allOptions().stream()
                    .filter(option -> option.repeatable() || !words.contains("--" + option.name()))
                    .forEach(option -> candidates.add(candidate(
                            "--" + option.name(), option.description() + (option.required() ? " (needed)" : ""))));
        }

        private void values(Completes what, LineReader reader, ParsedLine line, List<Candidate> candidates) {
            switch (what) {
                case NOTHING -> {}
                case FILES -> files.complete(reader, line, candidates);
                case COMMANDS -> commands(words, candidates);
                case VM_NAMES -> names.vmNames().forEach(name -> candidates.add(candidate(name, "")));
                case VOLUMES -> names.volumeNames().forEach(name -> candidates.add(candidate(name, "")));
                case OSSEA_NAMES -> names.osseaNames().forEach(name -> candidates.add(candidate(name, "")));
                case VCENTER_NAMES -> names.vcenterNames().forEach(name -> candidates.add(candidate(name, "")));
                case VM_OR_JOB -> {
                    names.vmNames().forEach(name -> candidates.add(candidate(name, "")));
                    names.jobIds().forEach(id -> candidates.add(candidate(id, "")));
                }
            }
        }
    }
}
