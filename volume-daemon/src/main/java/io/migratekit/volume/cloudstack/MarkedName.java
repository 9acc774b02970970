package io.migratekit.volume.cloudstack;

import io.migratekit.volume.backend.Mark;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name with the mark of its creation at its end, {@code db01-disk-2000 [mk-3f...]}: the only thing that CloudStack
 * stores in the same moment as what it creates, so the only thing that a lost reply cannot lose.
 */
final class MarkedName {
    private static final int CHARACTERS_MAX = 255;
    private static final Pattern MARKED = Pattern.compile(" ?\\[mk-([a-z0-9-]{1,40})]$");

    /** A word for CloudStack's search that finds names with any mark. */
    static final String KEYWORD = "[mk-";

    private MarkedName() {}

    /** Returns the name for people, cut where it is too long, with the mark. */
    static String of(String name, Mark mark) {
        String tail = " " + tail(mark);
        String head = plain(name);
        int charactersMax = CHARACTERS_MAX - tail.length();
        return (head.length() <= charactersMax ? head : head.substring(0, charactersMax)).strip() + tail;
    }

    /** Returns whether a name has the mark. */
    static boolean has(String name, Mark mark) {
        return name.endsWith(tail(mark));
    }

    /** Returns the name for people without a mark, as it was given but for what had to be cut or replaced. */
    static String unmarked(String name) {
        return MARKED.matcher(name).replaceFirst("");
    }

    /** Returns the mark at the end of a name. */
    static Optional<Mark> mark(String name) {
        Matcher marked = MARKED.matcher(name);
        return marked.find() ? Optional.of(new Mark(marked.group(1))) : Optional.empty();
    }

    /** Returns a word for CloudStack's search that finds names with the mark. */
    static String keyword(Mark mark) {
        return "mk-" + mark + "]";
    }

    private static String tail(Mark mark) {
        return "[mk-" + mark + "]";
    }

    /** CloudStack's tables hold three bytes a character: an emoji in a disk's name would fail with error 530. */
    private static String plain(String name) {
        return name.codePoints()
                .map(c -> Character.isSupplementaryCodePoint(c) || Character.isISOControl(c) ? '_' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
