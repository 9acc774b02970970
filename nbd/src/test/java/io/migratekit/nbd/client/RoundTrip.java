package io.migratekit.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Bytes that a client writes to a peer and reads back. */
final class RoundTrip {
    private RoundTrip() {}

    /** Writes, zeroes and reads in the first 400 KiB, which must be zero before and are afterwards. */
    static void readWrite(NbdClient client) throws IOException {
        byte[] content = random(300_000, 4);
        client.write(12_288, ByteBuffer.wrap(content), 0);
        byte[] back = read(client, 8192, 300_000 + 4096);
        assertThat(Arrays.copyOf(back, 4096)).containsOnly(0);
        assertThat(Arrays.copyOfRange(back, 4096, back.length)).isEqualTo(content);
        client.writeZeroes(16_384, 8192, 0);
        assertThat(read(client, 16_384, 8192)).containsOnly(0);
        client.writeZeroes(0, 327_680, 0);
        client.flush();
    }

    static byte[] read(NbdClient client, long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        client.read(offset, into);
        assertThat(into.hasRemaining()).isFalse();
        return into.array();
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] filled(int length, int value) {
        return ScriptedWire.filled(length, value);
    }
}
