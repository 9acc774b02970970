package io.migratekit.shell.account;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The options that say how a server's certificate is checked. */
final class TrustOptions {
    private TrustOptions() {}

    static Syntax.Builder in(Syntax.Builder syntax) {
        return syntax.option(
                        OptionSpec.value("ca-file", "FILE", "its certificate is signed by an authority in this file")
                                .completing(Completes.FILES))
                .option(OptionSpec.value(
                        "thumbprint",
                        "SHA",
                        "its certificate has this thumbprint (SHA-256 or SHA-1), whoever signed it"))
                .option(OptionSpec.flag("insecure", "do not check its certificate: in a laboratory"));
    }

    /** Returns what was given, if any of it was. */
    static Optional<ServerTrust> read(Invocation call) {
        Optional<String> caFile = call.value("ca-file");
        Optional<String> thumbprint = call.value("thumbprint");
        boolean insecure = call.has("insecure");
        if ((caFile.isPresent() ? 1 : 0) + (thumbprint.isPresent() ? 1 : 0) + (insecure ? 1 : 0) > 1) {
            throw new UsageException("--ca-file, --thumbprint and --insecure exclude each other; give one of them");
        }
        if (insecure) {
            return Optional.of(ServerTrust.NONE);
        }
        return caFile.map(TrustOptions::authority).or(() -> thumbprint.map(ServerTrust::inCertificate));
    }

    /** Returns what was given instead of what was. */
    static ServerTrust changed(Invocation call, ServerTrust before) {
        Optional<ServerTrust> given = read(call);
        if (!call.has("authorities")) {
            return given.orElse(before);
        }
        if (given.isPresent()) {
            throw new UsageException("--authorities excludes --ca-file, --thumbprint and --insecure; give one of them");
        }
        return ServerTrust.AUTHORITIES;
    }

    private static ServerTrust authority(String name) {
        Path file = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isReadable(file)) {
            throw new CommandFailure(
                    ExitCode.NO_SUCH_THING,
                    "'%s' does not exist or may not be read by this user; check the path".formatted(file));
        }
        return ServerTrust.inAuthority(file);
    }
}
