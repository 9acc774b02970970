package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** A server that says to every connection what its script says, right or wrong, and then hangs up. */
final class ScriptedServer implements AutoCloseable {
    static final ClientOptions OPTIONS =
            new ClientOptions(Duration.ofSeconds(5), Duration.ofSeconds(5), java.util.List.of("base:allocation"));

    private final ServerSocketChannel channel;
    private final Path socket;
    private final Script script;

    /** What is said. */
    interface Script {
        void say(ScriptedWire wire) throws IOException;
    }

    /** Answers one request. */
    interface Answer {
        void to(ScriptedWire wire, ScriptedWire.Request request) throws IOException;
    }

    private ScriptedServer(ServerSocketChannel channel, Path socket, Script script) {
        this.channel = channel;
        this.socket = socket;
        this.script = script;
    }

    static ScriptedServer saying(Path folder, Script script) throws IOException {
        Path socket = folder.resolve("scripted-" + System.nanoTime() + ".sock");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        ScriptedServer server = new ScriptedServer(channel, socket, script);
        Thread thread = new Thread(server::serve, "scripted server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** Agrees on structured replies, then answers every request alike. */
    static ScriptedServer answering(Path folder, Answer answer) throws IOException {
        return saying(folder, wire -> {
            wire.negotiate(true);
            while (true) {
                ScriptedWire.Request request = wire.request();
                answer.to(wire, request);
            }
        });
    }

    NbdUri uri() {
        return uri("disk");
    }

    NbdUri uri(String exportName) {
        return NbdUri.unix(socket, exportName);
    }

    NbdClient connect() throws IOException {
        return NbdClient.connect(uri(), OPTIONS);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void serve() {
        while (channel.isOpen()) {
            try (SocketChannel client = channel.accept()) {
                script.say(new ScriptedWire(client));
            } catch (IOException e) {
                // the client hung up first, or the test is over
            }
        }
    }
}
