package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.ScriptedWire.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole conversation cut at every byte, and spoilt by seeded noise: a typed failure or the right bytes, never a hang. */
@Timeout(60)
final class BrokenStreamTest {
    private static final int READ_BYTES = 64;

    /** Noise in a length makes both sides wait for each other. */
    private static final ClientOptions HASTY =
            new ClientOptions(Duration.ofMillis(50), Duration.ofMillis(50), List.of("base:allocation"));

    @TempDir
    Path folder;

    @Test
    void endsInATypedFailureWhereverTheStreamIsCut() throws IOException {
        byte[] conversation = conversation();
        AtomicInteger cut = new AtomicInteger();
        try (ScriptedServer server =
                saying(() -> Arrays.copyOf(conversation, Math.min(cut.get(), conversation.length)))) {
            for (int n = 0; n < conversation.length; n++) {
                cut.set(n);
                assertThat(failure(server, ScriptedServer.OPTIONS))
                        .as("cut after byte %d", n)
                        .isInstanceOf(n >= 18 ? NbdException.class : NbdException.Disconnected.class)
                        .isNotInstanceOf(NbdException.Violation.class);
            }
            cut.set(conversation.length);
            assertThat(failure(server, ScriptedServer.OPTIONS)).isNull();
        }
    }

    @Test
    void survivesNoise() throws IOException {
        byte[] conversation = conversation();
        AtomicInteger seed = new AtomicInteger();
        try (ScriptedServer server = saying(() -> spoilt(conversation, seed.get()))) {
            for (int n = 0; n < 400; n++) {
                seed.set(n);
                Throwable failure = failure(server, HASTY);
                if (failure != null) {
                    assertThat(failure).as("seed %d", n).isInstanceOf(NbdException.class);
                }
            }
        }
    }

    @Test
    void survivesPureGarbage() throws IOException {
        AtomicInteger seed = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.saying(folder, wire -> {
            Random random = new Random(seed.get());
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            if (seed.get() % 2 == 0) {
                wire.negotiate(seed.get() % 4 == 0);
                wire.request();
                garbage[0] = 0x66; // half of the garbage looks like a reply, and has a cookie that is in flight
                garbage[1] = (byte) 0x8e;
                if (garbage.length > 16) {
                    ByteBuffer.wrap(garbage).putInt(Transmission.STRUCTURED_REPLY_MAGIC);
                    ByteBuffer.wrap(garbage)
                            .putShort(6, (short) random.nextInt(7))
                            .putLong(8, 1L << 16);
                }
            }
            wire.bytes(garbage);
        })) {
            for (int n = 0; n < 400; n++) {
                seed.set(n);
                assertThat(failure(server, ScriptedServer.OPTIONS))
                        .as("seed %d", n)
                        .isInstanceOf(NbdException.class);
            }
        }
    }

    /** What a good server says, in one go; it does not matter that it speaks before it is asked. */
    private static byte[] conversation() {
        ByteBuffer all = ByteBuffer.allocate(4096);
        all.putLong(Handshake.NBD_MAGIC).putLong(Handshake.OPTION_MAGIC).putShort((short) 3);
        option(all, Handshake.OPT_STRUCTURED_REPLY, Handshake.REP_ACK);
        option(
                all,
                Handshake.OPT_SET_META_CONTEXT,
                Handshake.REP_META_CONTEXT,
                ScriptedWire.context(7, "base:allocation"));
        option(all, Handshake.OPT_SET_META_CONTEXT, Handshake.REP_ACK);
        option(all, Handshake.OPT_GO, Handshake.REP_INFO, ScriptedWire.exportInfo(1 << 20, ScriptedWire.FLAGS));
        option(all, Handshake.OPT_GO, Handshake.REP_INFO, ScriptedWire.blockSizes(1, 4096, 1 << 20));
        option(all, Handshake.OPT_GO, Handshake.REP_ACK);
        long cookie = 1L << 16;
        chunk(all, 0, Transmission.REPLY_OFFSET_DATA, cookie, ScriptedWire.data(0, filled(READ_BYTES / 2, 6)));
        chunk(all, 1, Transmission.REPLY_OFFSET_HOLE, cookie, ScriptedWire.hole(READ_BYTES / 2, READ_BYTES / 2));
        return Arrays.copyOf(all.array(), all.position());
    }

    private static void option(ByteBuffer all, int option, int type, byte... data) {
        all.putLong(Handshake.OPTION_REPLY_MAGIC).putInt(option).putInt(type).putInt(data.length);
        all.put(data);
    }

    private static void chunk(ByteBuffer all, int flags, int type, long cookie, byte... payload) {
        all.put(ScriptedWire.chunkHeader(flags, type, cookie, payload.length)).put(payload);
    }

    private static byte[] spoilt(byte[] conversation, int seed) {
        Random random = new Random(seed);
        byte[] spoilt = conversation.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            spoilt[18 + random.nextInt(spoilt.length - 18)] = (byte) random.nextInt();
        }
        return spoilt;
    }

    private interface Words {
        byte[] next();
    }

    /** Replies are held back until the request is there: success before it was sent would be a breach of its own. */
    private ScriptedServer saying(Words words) throws IOException {
        int negotiationBytes = conversation().length - (20 + 8 + READ_BYTES / 2) - (20 + 12);
        return ScriptedServer.saying(folder, wire -> {
            byte[] all = words.next();
            int first = Math.min(all.length, negotiationBytes);
            wire.bytes(Arrays.copyOf(all, first));
            if (all.length > first) {
                wire.greetedOptions(3);
                wire.request();
                wire.bytes(Arrays.copyOfRange(all, first, all.length));
            }
        });
    }

    private static @Nullable Throwable failure(ScriptedServer server, ClientOptions options) {
        try (NbdClient client = NbdClient.connect(server.uri(), options)) {
            ByteBuffer into = ByteBuffer.allocate(READ_BYTES);
            client.read(0, into);
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        }
    }
}
