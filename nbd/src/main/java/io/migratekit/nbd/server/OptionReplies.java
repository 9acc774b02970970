package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts replies to options on the wire (protocol document, "Option reply types"). */
final class OptionReplies {
    private static final int HEADER_BYTES = 20;

    private final Outbound out;

    OptionReplies(Outbound out) {
        this.out = out;
    }

    void acknowledge(int option) throws IOException {
        header(option, Handshake.REP_ACK, 0);
    }

    void refuse(int option, int error, String text) throws IOException {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        header(option, error, words.length);
        out.put(words);
    }

    void listed(int option, String exportName, String description) throws IOException {
        byte[] name = exportName.getBytes(StandardCharsets.UTF_8);
        byte[] words = description.getBytes(StandardCharsets.UTF_8);
        header(option, Handshake.REP_SERVER, 4 + name.length + words.length);
        out.room(4).putInt(name.length); // length of the name, 4 bytes
        out.put(name);
        out.put(words);
    }

    void context(int option, int id, String context) throws IOException {
        byte[] name = context.getBytes(StandardCharsets.UTF_8);
        header(option, Handshake.REP_META_CONTEXT, 4 + name.length);
        out.room(4).putInt(id); // context id, 4 bytes
        out.put(name);
    }

    void exportInformation(int option, Export export, boolean structured) throws IOException {
        information(option, Handshake.INFO_EXPORT, 10)
                .putLong(export.sizeBytes()) // size, 8 bytes
                .putShort((short) export.flags(structured)); // transmission flags, 2 bytes
    }

    void blockSizes(int option, Export export) throws IOException {
        information(option, Handshake.INFO_BLOCK_SIZE, 12)
                .putInt(1) // smallest request, 4 bytes
                .putInt(export.device().blockBytesPreferred()) // preferred, 4 bytes
                .putInt(Transmission.PAYLOAD_BYTES_MAX); // largest payload, 4 bytes
    }

    void words(int option, int information, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        information(option, information, bytes.length);
        out.put(bytes);
    }

    private ByteBuffer information(int option, int information, int contentBytes) throws IOException {
        header(option, Handshake.REP_INFO, 2 + contentBytes);
        return out.room(2 + contentBytes).putShort((short) information); // information type, 2 bytes
    }

    private void header(int option, int type, int dataBytes) throws IOException {
        out.room(HEADER_BYTES)
                .putLong(Handshake.OPTION_REPLY_MAGIC) // option reply magic, 8 bytes
                .putInt(option) // option that this answers, 4 bytes
                .putInt(type) // reply type, 4 bytes
                .putInt(dataBytes); // length of the data, 4 bytes
    }
}
