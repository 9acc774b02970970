package io.migratekit.nbd.server;

import io.migratekit.nbd.server.OptionData.Malformed;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the fixed newstyle negotiation: answers options until one of them chooses an export. With TLS
 * configured, nothing but STARTTLS and ABORT is answered in the clear.
 */
final class Negotiation {
    private static final int FLAGS = Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES;

    private final Inbound in;
    private final Outbound out;
    private final Exports exports;
    private final Host host;
    private final OptionReplies replies;

    private boolean noZeroes;
    private boolean secured;
    private boolean structured;

    /** The export for which base:allocation was last agreed. */
    private @Nullable String allocationExport;

    /** What a negotiation needs of its connection. */
    interface Host {
        boolean tlsDemanded();

        /** Puts TLS under both streams. */
        void startTls() throws IOException;

        /** Enters the export; false if it has ended. */
        boolean enter(Export export);
    }

    Negotiation(Inbound in, Outbound out, Exports exports, Host host) {
        this.in = in;
        this.out = out;
        this.exports = exports;
        this.host = host;
        this.replies = new OptionReplies(out);
    }

    /** Negotiates; empty if the client took its leave. */
    Optional<Agreement> run() throws IOException {
        out.room(18)
                .putLong(Handshake.NBD_MAGIC) // server magic, 8 bytes
                .putLong(Handshake.OPTION_MAGIC) // option magic, 8 bytes
                .putShort((short) FLAGS); // handshake flags, 2 bytes
        int clientFlags = in.need(4).getInt(); // client flags, 4 bytes
        if ((clientFlags & ~FLAGS) != 0) {
            throw new ProtocolBreach("client flags %#x; %#x are known".formatted(clientFlags, FLAGS));
        }
        noZeroes = (clientFlags & Handshake.FLAG_NO_ZEROES) != 0;
        while (true) {
            ByteBuffer header = in.need(16);
            long magic = header.getLong(); // option magic, 8 bytes
            int option = header.getInt(); // option, 4 bytes
            int dataBytes = header.getInt(); // length of the data, 4 bytes
            checkHeader(magic, option, dataBytes);
            OptionData data = data(dataBytes);
            if (option == Handshake.OPT_ABORT) {
                replies.acknowledge(option);
                out.flush();
                return Optional.empty();
            }
            Optional<Agreement> agreement = answer(option, data);
            if (agreement.isPresent()) {
                return agreement;
            }
        }
    }

    private static void checkHeader(long magic, int option, int dataBytes) throws ProtocolBreach {
        if (magic != Handshake.OPTION_MAGIC) {
            throw new ProtocolBreach("%016x where an option should begin".formatted(magic));
        }
        if (dataBytes < 0 || dataBytes > Handshake.OPTION_BYTES_MAX) {
            throw new ProtocolBreach("option %d with %s bytes; at most %d are allowed"
                    .formatted(option, Integer.toUnsignedString(dataBytes), Handshake.OPTION_BYTES_MAX));
        }
    }

    private OptionData data(int dataBytes) throws IOException {
        ByteBuffer buffer = in.need(dataBytes);
        ByteBuffer data = buffer.slice(buffer.position(), dataBytes);
        buffer.position(buffer.position() + dataBytes);
        return new OptionData(data);
    }

    private Optional<Agreement> answer(int option, OptionData data) throws IOException {
        if (host.tlsDemanded() && !secured && option != Handshake.OPT_STARTTLS) {
            if (option == Handshake.OPT_EXPORT_NAME) {
                throw new ProtocolBreach("an export was chosen without TLS"); // this option has no error reply
            }
            replies.refuse(option, Handshake.REP_ERR_TLS_REQD, "this server speaks only TLS");
            return Optional.empty();
        }
        try {
            switch (option) {
                case Handshake.OPT_EXPORT_NAME -> {
                    return exportName(data);
                }
                case Handshake.OPT_GO -> {
                    return go(data);
                }
                case Handshake.OPT_INFO -> info(data);
                case Handshake.OPT_LIST -> list(data);
                case Handshake.OPT_STARTTLS -> startTls(data);
                case Handshake.OPT_STRUCTURED_REPLY -> structuredReply(data);
                case Handshake.OPT_LIST_META_CONTEXT -> listContexts(data);
                case Handshake.OPT_SET_META_CONTEXT -> setContexts(data);
                default -> replies.refuse(option, Handshake.REP_ERR_UNSUP, "this option is unknown here");
            }
        } catch (Malformed e) {
            replies.refuse(option, Handshake.REP_ERR_INVALID, e.getMessage() + "");
        }
        return Optional.empty();
    }

    private Optional<Agreement> exportName(OptionData data) throws IOException {
        String name;
        try {
            name = data.rest();
        } catch (Malformed e) {
            throw new ProtocolBreach(e.getMessage() + "");
        }
        Export export = exports.find(name)
                .filter(host::enter)
                .orElseThrow(() -> new ProtocolBreach("there is no export '%s'".formatted(name)));
        out.room(10)
                .putLong(export.sizeBytes()) // size, 8 bytes
                .putShort((short) export.flags(structured)); // transmission flags, 2 bytes
        if (!noZeroes) {
            out.put(new byte[Handshake.EXPORT_NAME_PADDING_BYTES]);
        }
        return Optional.of(agreement(export));
    }

    private Optional<Agreement> go(OptionData data) throws IOException, Malformed {
        String name = data.string();
        List<Integer> wanted = data.informationRequests();
        data.end();
        Optional<Export> export = exports.find(name).filter(host::enter);
        if (export.isEmpty()) {
            unknown(Handshake.OPT_GO, name);
            return Optional.empty();
        }
        describe(Handshake.OPT_GO, export.get(), wanted);
        return Optional.of(agreement(export.get()));
    }

    private Agreement agreement(Export export) {
        return new Agreement(export, structured, export.name().equals(allocationExport));
    }

    private void info(OptionData data) throws IOException, Malformed {
        String name = data.string();
        List<Integer> wanted = data.informationRequests();
        data.end();
        Optional<Export> export = exports.find(name);
        if (export.isPresent()) {
            describe(Handshake.OPT_INFO, export.get(), wanted);
        } else {
            unknown(Handshake.OPT_INFO, name);
        }
    }

    private void describe(int option, Export export, List<Integer> wanted) throws IOException {
        replies.exportInformation(option, export, structured);
        if (wanted.contains(Handshake.INFO_NAME)) {
            replies.words(option, Handshake.INFO_NAME, export.name());
        }
        if (wanted.contains(Handshake.INFO_DESCRIPTION) && !export.description().isEmpty()) {
            replies.words(option, Handshake.INFO_DESCRIPTION, export.description());
        }
        if (wanted.contains(Handshake.INFO_BLOCK_SIZE)) {
            replies.blockSizes(option, export);
        }
        replies.acknowledge(option);
    }

    private void list(OptionData data) throws IOException, Malformed {
        data.end();
        for (Export export : exports.all()) {
            replies.listed(Handshake.OPT_LIST, export.name(), export.description());
        }
        replies.acknowledge(Handshake.OPT_LIST);
    }

    private void startTls(OptionData data) throws IOException, Malformed {
        data.end();
        if (!host.tlsDemanded()) {
            replies.refuse(Handshake.OPT_STARTTLS, Handshake.REP_ERR_POLICY, "this server has no TLS certificates");
            return;
        }
        if (secured) {
            replies.refuse(Handshake.OPT_STARTTLS, Handshake.REP_ERR_INVALID, "TLS is on already");
            return;
        }
        replies.acknowledge(Handshake.OPT_STARTTLS);
        out.flush();
        host.startTls();
        secured = true;
    }

    private void structuredReply(OptionData data) throws IOException, Malformed {
        data.end();
        structured = true;
        replies.acknowledge(Handshake.OPT_STRUCTURED_REPLY);
    }

    private void listContexts(OptionData data) throws IOException, Malformed {
        int option = Handshake.OPT_LIST_META_CONTEXT;
        String name = data.string();
        List<String> queries = data.queries();
        data.end();
        if (contextsRefused(option, name)) {
            return;
        }
        if (queries.isEmpty() || queries.contains("base:") || queries.contains(Transmission.BASE_ALLOCATION)) {
            replies.context(option, 0, Transmission.BASE_ALLOCATION);
        }
        replies.acknowledge(option);
    }

    private void setContexts(OptionData data) throws IOException, Malformed {
        int option = Handshake.OPT_SET_META_CONTEXT;
        allocationExport = null; // each SET replaces the one before, also where it fails
        String name = data.string();
        List<String> queries = data.queries();
        data.end();
        if (contextsRefused(option, name)) {
            return;
        }
        if (queries.contains(Transmission.BASE_ALLOCATION)) {
            allocationExport = name;
            replies.context(option, StatusReply.CONTEXT_ID, Transmission.BASE_ALLOCATION);
        }
        replies.acknowledge(option);
    }

    private boolean contextsRefused(int option, String name) throws IOException {
        if (!structured) {
            replies.refuse(option, Handshake.REP_ERR_INVALID, "metadata contexts need structured replies first");
            return true;
        }
        if (exports.find(name).isEmpty()) {
            unknown(option, name);
            return true;
        }
        return false;
    }

    private void unknown(int option, String name) throws IOException {
        replies.refuse(option, Handshake.REP_ERR_UNKNOWN, "there is no export '%s'".formatted(name));
    }
}
