package io.migratekit.shell.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * An image behind a throttle that a test moves: slow while something must still be under way, open once that is seen,
 * so that no test waits for a rate, and none is too late on a busy machine. It survives clients that are killed.
 */
final class SlowDisk implements AutoCloseable {
    /** No throttle. */
    static final int OPEN = 0;

    /** So slow that what reads it is not ready for a minute or more. */
    static final int NEARLY_STILL = 256 << 10;

    private final Peer peer;
    private final SocketChannel channel;
    private final BufferedReader replies;

    private SlowDisk(Peer peer, SocketChannel channel) {
        this.peer = peer;
        this.channel = channel;
        this.replies = new BufferedReader(Channels.newReader(channel, UTF_8));
    }

    /** Serves an image at most so fast, all connections together. */
    static SlowDisk of(Path folder, Path image, int bytesPerSecond) throws IOException {
        Peer peer = Peer.storageDaemon(
                folder,
                "--object",
                "throttle-group,id=slow,x-bps-total=" + bytesPerSecond,
                "--blockdev",
                "driver=file,node-name=file,filename=" + image,
                "--blockdev",
                "driver=throttle,node-name=disk,throttle-group=slow,file=file",
                "--export",
                "type=nbd,id=e,node-name=disk,name=disk");
        SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(peer.folder().resolve("qmp.sock")));
        SlowDisk disk = new SlowDisk(peer, channel);
        assertThat(disk.replies.readLine()).as("greeting").contains("QMP");
        disk.execute("{\"execute\":\"qmp_capabilities\"}");
        return disk;
    }

    String uri() {
        return peer.uri("disk").toString();
    }

    /** Changes how fast it is from the next request on. */
    void limit(int bytesPerSecond) throws IOException {
        execute(
                "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/objects/slow\",\"property\":\"limits\",\"value\":{\"bps-total\":%d}}}"
                        .formatted(bytesPerSecond));
    }

    private void execute(String command) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(command.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        String reply = replies.readLine();
        while (reply != null && reply.contains("\"event\"")) {
            reply = replies.readLine();
        }
        assertThat(reply).as("reply to %s", command).contains("\"return\"");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        peer.close();
    }
}
