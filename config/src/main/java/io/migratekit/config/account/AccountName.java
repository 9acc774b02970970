package io.migratekit.config.account;

import java.util.regex.Pattern;

/** What names of rows look like. They are part of what a secret is sealed with, and of the names of back ends. */
final class AccountName {
    private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._-]{0,98}[\\p{L}\\p{N}._-])?");

    private AccountName() {}

    /**
     * Returns the name.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String checked(String name) {
        if (!TEXT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no name; 1 to 100 letters, digits, blanks, '.', '_' and '-' are, beginning with a letter or digit"
                            .formatted(name));
        }
        return name;
    }
}
