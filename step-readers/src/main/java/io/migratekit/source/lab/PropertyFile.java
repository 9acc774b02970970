package io.migratekit.source.lab;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.UUID;

/** A properties file that is replaced as a whole: readers see the old one or the new one. */
record PropertyFile(Path path) {

    /** Returns the content, empty if there is no file. */
    Properties load() throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(path)));
        } catch (NoSuchFileException e) {
            return properties; // perhaps removed by another process a moment ago
        }
        return properties;
    }

    /** Replaces the content, and returns it. */
    Properties store(Properties properties) throws IOException {
        StringWriter text = new StringWriter();
        properties.store(text, null);
        Path draft = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
        Files.writeString(draft, text.toString());
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return properties;
    }
}
