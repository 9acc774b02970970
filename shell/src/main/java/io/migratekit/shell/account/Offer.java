package io.migratekit.shell.account;

import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.screen.Questions;
import io.migratekit.shell.screen.Screen;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing that a cloud offers.
 *
 * @param id the cloud's
 * @param name for people; several may have it
 */
record Offer(String id, String name) {
    private static final int SHOWN_MAX = 20;
    private static final int TRIES = 3;

    /**
     * Returns the one that a person named by id or name.
     *
     * @param what such as "zone"
     */
    static Offer named(String what, List<Offer> all, String wanted) {
        List<Offer> found = all.stream()
                .filter(offer -> offer.id().equals(wanted) || offer.name().equals(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.NO_SUCH_THING,
                    "the cloud offers no %s '%s'; it offers %s".formatted(what, wanted, listed(all)));
        }
        if (found.size() > 1) {
            throw undecided("several of kind %s are named '%s'".formatted(what, wanted), what, found);
        }
        return found.get(0);
    }

    /** Returns the only one, or the one that a person chooses at the terminal. */
    static Offer chosen(String what, List<Offer> all, Screen screen) {
        if (all.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the cloud offers no %s to this account that volumes could use; make one there, or allow it"
                            .formatted(what));
        }
        if (all.size() == 1) {
            screen.say("%s: '%s', the only one".formatted(what, all.get(0).name()));
            return all.get(0);
        }
        Optional<Questions> questions = Questions.on(screen);
        if (questions.isEmpty()) {
            throw undecided("the cloud offers more than one %s".formatted(what), what, all);
        }
        return asked(what, all, screen, questions.get());
    }

    private static Offer asked(String what, List<Offer> all, Screen screen, Questions questions) {
        for (int i = 0; i < all.size(); i++) {
            screen.say("  %3d  %s  (%s)"
                    .formatted(i + 1, all.get(i).name(), all.get(i).id()));
        }
        for (int tries = 0; tries < TRIES; tries++) {
            String answer = questions.ask("Which %s (number)? ".formatted(what));
            if (answer.matches("[0-9]{1,5}")) {
                int number = Integer.parseInt(answer);
                if (number >= 1 && number <= all.size()) {
                    return all.get(number - 1);
                }
            }
            screen.say("A number from 1 to %d is needed.".formatted(all.size()));
        }
        throw undecided("no %s was chosen".formatted(what), what, all);
    }

    private static CommandFailure undecided(String problem, String what, List<Offer> all) {
        return new CommandFailure(
                ExitCode.NEEDS_DECISION,
                "%s; name one by --%s ID: %s".formatted(problem, what.replace(' ', '-'), listed(all)));
    }

    private static String listed(List<Offer> all) {
        if (all.isEmpty()) {
            return "none";
        }
        String some = all.stream()
                .limit(SHOWN_MAX)
                .map(offer -> "%s ('%s')".formatted(offer.id(), offer.name()))
                .collect(Collectors.joining(", "));
        return all.size() > SHOWN_MAX ? some + ", … ('ossea offers' shows all)" : some;
    }
}
