package io.migratekit.shell.screen;

/** The few colours of the console, each with its meaning; ANSI codes that every terminal of the last 30 years knows. */
public enum Style {
    /** As it is. */
    PLAIN("0"),
    /** Headings and names. */
    STRONG("1"),
    /** What is less important. */
    FAINT("2"),
    /** Done, proven. */
    GOOD("32"),
    /** Works, but look at it. */
    WARN("33"),
    /** Failed. */
    BAD("31"),
    /** Under way. */
    BUSY("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** Returns {@code text} with the escape codes of this style. */
    String paint(String text) {
        return "\033[" + code + "m" + text + "\033[0m";
    }
}
