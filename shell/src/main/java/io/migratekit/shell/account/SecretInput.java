package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.vault.Secret;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Questions;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Where secrets come from: a file that others cannot read, the environment, or a prompt without echo. */
enum SecretInput {
    /** The two keys of a cloud's account. */
    KEYS("key", "the API key, then the secret key, with a blank or a line break between them"),
    /** The password of a vCenter's user. */
    PASSWORD("password", "the password in one line");

    /** Two keys or a password are far below; a wrong path must not fill the memory. */
    private static final int BYTES_MAX = 8 << 10;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final String word;
    private final String content;

    SecretInput(String word, String content) {
        this.word = word;
        this.content = content;
    }

    /** Adds its options, and refuses those that would show a secret to everybody on the machine. */
    Syntax.Builder in(Syntax.Builder syntax) {
        String instead =
                ("every user of this machine can read arguments in its list of processes, and shells keep them."
                                + " It is asked for without echo, or comes from %s or %s. What was just typed should be changed")
                        .formatted(file(), environment());
        return syntax.option(OptionSpec.value(word + "-file", "FILE", "a file with " + content + "; mode 600")
                        .completing(Completes.FILES))
                .option(OptionSpec.value(word + "-env", "VARIABLE", "an environment variable with the same"))
                .refuse("password", instead)
                .refuse("key", instead)
                .refuse("api-key", instead)
                .refuse("secret-key", instead)
                .refuse("secret", instead);
    }

    private String file() {
        return "--" + word + "-file";
    }

    private String environment() {
        return "--" + word + "-env";
    }

    /**
     * Returns the keys of a cloud's account.
     *
     * @throws io.migratekit.shell.screen.UnansweredException if the person leaves instead of answering
     */
    static OsseaKeys keys(Invocation call, Screen screen) {
        Optional<String> given = KEYS.given(call);
        if (given.isPresent()) {
            String[] words = given.get().strip().split("\\s+", -1);
            if (words.length != 2) {
                throw new UsageException("%d words were found where %s are needed"
                        .formatted(words[0].isEmpty() ? 0 : words.length, KEYS.content));
            }
            return new OsseaKeys(new Secret(words[0]), new Secret(words[1]));
        }
        Questions questions = KEYS.questions(screen);
        return new OsseaKeys(
                new Secret(questions.askHidden("API key (not shown): ").strip()),
                new Secret(questions.askHidden("Secret key (not shown): ").strip()));
    }

    /**
     * Returns a password.
     *
     * @param whose for the prompt
     * @throws io.migratekit.shell.screen.UnansweredException if the person leaves instead of answering
     */
    static Secret password(Invocation call, Screen screen, String whose) {
        Optional<String> given = PASSWORD.given(call);
        return new Secret(
                given.isPresent()
                        ? given.get().replaceFirst("\r?\n$", "")
                        : PASSWORD.questions(screen).askHidden("Password of %s (not shown): ".formatted(whose)));
    }

    private Questions questions(Screen screen) {
        return Questions.on(screen)
                .orElseThrow(() -> new UsageException(
                        "there is no terminal to ask for the %s on; give %s FILE or %s VARIABLE with %s"
                                .formatted(word, file(), environment(), content)));
    }

    private Optional<String> given(Invocation call) {
        Optional<String> file = call.value(word + "-file");
        Optional<String> variable = call.value(word + "-env");
        if (file.isPresent() && variable.isPresent()) {
            throw new UsageException("%s and %s are both given; give one".formatted(file(), environment()));
        }
        return file.map(SecretInput::read).or(() -> variable.map(SecretInput::fromEnvironment));
    }

    private static String fromEnvironment(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new UsageException(
                    "the environment has no variable '%s', or it is empty; give the name of one, not a secret"
                            .formatted(variable.matches("[A-Z_][A-Z0-9_]{0,63}") ? variable : "…"));
        }
        return value;
    }

    private static String read(String name) {
        Path file = Path.of(name);
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(mode)) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "'%s' has mode %s, so that others may read the secret in it; only its owner may: chmod 600 '%s'. If others had it, change the secret"
                                .formatted(file, PosixFilePermissions.toString(mode), file));
            }
            try (InputStream in = Files.newInputStream(file)) { // also a pipe, as /dev/stdin may be
                byte[] bytes = in.readNBytes(BYTES_MAX + 1);
                if (bytes.length > BYTES_MAX) {
                    throw new UsageException("'%s' is longer than 8 KiB; that is no secret".formatted(file));
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.NO_SUCH_THING, "'%s' does not exist; check the path".formatted(file), e);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "'%s' cannot be read (%s); check its owner and mode"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
    }
}
