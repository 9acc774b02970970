package io.migratekit.shell.command;

import io.migratekit.nbd.NbdUri;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.image.ExportListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code export}: our NBD server alone, until interrupted. */
final class ExportCommand implements ShellCommand {
    private static final String LISTEN_DEFAULT = "nbd://127.0.0.1:10809";

    @Override
    public Syntax syntax() {
        return Syntax.of("Exports", "export", "Serves image files by NBD until interrupted")
                .details("""
                        Runs no database. Ctrl-C ends it after the requests that have arrived; exit code 130.
                        With --json one object is printed as soon as clients can connect, and one at the end.
                        TLS: --listen 'nbds://host:10809/?tls-certificates=FOLDER' with ca-cert.pem, server-cert.pem and
                        server-key.pem in the folder; clients then need a certificate of that authority.""")
                .arguments(
                        "name=image", "name of the export and its image file or block device", false, Completes.FILES)
                .option(OptionSpec.value("listen", "URI", "where to listen (default " + LISTEN_DEFAULT + ")"))
                .option(OptionSpec.flag("read-only", "refuse writes and open the images for reading alone"))
                .example("export disk0=/images/web01.raw --read-only")
                .example("export a=a.raw b=b.raw --listen 'nbd+unix:///?socket=/run/images.sock'")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        Map<String, Path> images = images(call.arguments());
        NbdUri listen = listenUri(call.value("listen").orElse(LISTEN_DEFAULT));
        boolean readOnly = call.has("read-only");
        CountDownLatch stopped = new CountDownLatch(1);
        interrupt.tell(new Interrupt.Listener() {
            @Override
            public void stop() {
                stopped.countDown();
            }

            @Override
            public String waitingFor() {
                return "Clients are given five seconds to take the replies that are due.";
            }
        });
        try (ExportListener listener = ExportListener.listen(
                listen.address(), listen.parameter("tls-certificates").map(Path::of))) {
            List<Map<String, @Nullable Object>> exports = new ArrayList<>();
            Table table = new Table("Export", "Image", "URI");
            for (Map.Entry<String, Path> image : images.entrySet()) {
                NbdUri uri = listener.add(image.getKey(), image.getValue(), readOnly);
                table.row(image.getKey(), image.getValue().toString(), uri.toString());
                exports.add(Result.object(
                        "name", image.getKey(), "image", image.getValue().toString(), "uri", uri.toString()));
            }
            screen.table(table);
            warnOfStrangers(listen, screen);
            screen.say("%s; Ctrl-C ends it.".formatted(readOnly ? "Serving read-only" : "Serving"));
            screen.object(Result.object("status", "serving", "readOnly", readOnly, "exports", exports));
            stopped.await();
            screen.say("ending ...");
        }
        return new Result(ExitCode.INTERRUPTED, Result.object("status", "stopped"));
    }

    private static Map<String, Path> images(List<String> arguments) {
        Map<String, Path> images = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1 || equals == argument.length() - 1) {
                throw new UsageException("'%s' is no name=image, as in disk0=/images/web01.raw".formatted(argument));
            }
            Path image =
                    Path.of(argument.substring(equals + 1)).toAbsolutePath().normalize();
            if (images.put(argument.substring(0, equals), image) != null) {
                throw new UsageException(
                        "two exports are named '%s'; give each its own name".formatted(argument.substring(0, equals)));
            }
        }
        return images;
    }

    private static NbdUri listenUri(String text) {
        NbdUri uri = NbdUri.parse(text);
        if (!uri.exportName().isEmpty()) {
            throw new UsageException(
                    "--listen names the export '%s'; it takes host and port or socket alone, names come from name=image"
                            .formatted(uri.exportName()));
        }
        if (uri.tls() != uri.parameter("tls-certificates").isPresent()) {
            throw new UsageException("--listen %s: nbds:// and '?tls-certificates=FOLDER' go together".formatted(text));
        }
        return uri;
    }

    private static void warnOfStrangers(NbdUri listen, Screen screen) throws IOException {
        if (listen.address() instanceof NbdUri.Tcp tcp && !listen.tls() && !isLoopback(tcp.host())) {
            screen.warn(screen.paint(Style.WARN, "warning: ")
                    + "everybody who reaches %s may use these exports; use nbds:// or a loopback address"
                            .formatted(tcp.host()));
        }
    }

    private static boolean isLoopback(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host)).stream().allMatch(InetAddress::isLoopbackAddress);
    }
}
