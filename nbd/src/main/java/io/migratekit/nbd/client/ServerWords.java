package io.migratekit.nbd.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A server's own words, made fit for our messages: a stranger's text must not fill a log or steer a terminal. */
final class ServerWords {
    private static final int CHARACTERS_MAX = 300;

    private ServerWords() {}

    /** Returns the text of all remaining bytes on one line, shortened; possibly empty. */
    static String of(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        String clean = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return clean.length() <= CHARACTERS_MAX ? clean : clean.substring(0, CHARACTERS_MAX) + "…";
    }
}
