package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The client's half of fixed newstyle negotiation (protocol document, "Newstyle negotiation"), one option at a time:
 * STARTTLS if demanded, STRUCTURED_REPLY, SET_META_CONTEXT, then GO, or EXPORT_NAME where GO is unknown.
 */
final class Negotiation {
    /** Most exports that a list may have; a server that sends more is broken or hostile. */
    private static final int LISTED_EXPORTS_MAX = 100_000;

    private final Link link;
    private final NbdUri uri;
    private final OptionTalk talk;
    private boolean noZeroes;

    /** What was agreed. */
    record Agreed(ExportInfo export, boolean structuredReplies, Map<Integer, String> contexts) {}

    Negotiation(Link link) {
        this.link = link;
        this.uri = link.uri();
        this.talk = new OptionTalk(link);
    }

    Agreed go(List<String> wantedContexts) throws NbdException {
        greet();
        startTls();
        boolean structured = structuredReplies();
        Map<Integer, String> contexts = structured ? setMetaContexts(wantedContexts) : Map.of();
        ExportInfo export = enter(contexts);
        return new Agreed(export, structured, contexts);
    }

    List<ListedExport> list() throws NbdException {
        greet();
        startTls();
        talk.send(Handshake.OPT_LIST, ByteBuffer.allocate(0));
        List<ListedExport> exports = new ArrayList<>();
        while (true) {
            OptionTalk.Reply reply = talk.reply(Handshake.OPT_LIST);
            if (reply.type() == Handshake.REP_ACK) {
                talk.send(Handshake.OPT_ABORT, ByteBuffer.allocate(0));
                return exports;
            }
            if (reply.isError()) {
                demandTlsIfAsked(reply);
                throw new NbdException.Refused(
                        "%s does not list its exports%s; name one in the URI".formatted(uri, reply.words()));
            }
            if (reply.type() != Handshake.REP_SERVER || exports.size() == LISTED_EXPORTS_MAX) {
                throw talk.violation("reply type %d after %d listed exports".formatted(reply.type(), exports.size()));
            }
            String name = talk.string(reply.data());
            exports.add(new ListedExport(
                    name, StandardCharsets.UTF_8.decode(reply.data()).toString()));
        }
    }

    private void greet() throws NbdException {
        ByteBuffer greeting = talk.receive(18);
        long magic = greeting.getLong(); // NBDMAGIC, 8 bytes
        long style = greeting.getLong(); // IHAVEOPT, 8 bytes
        int flags = greeting.getShort(); // handshake flags, 2 bytes
        if (magic != Handshake.NBD_MAGIC || style != Handshake.OPTION_MAGIC) {
            throw talk.violation("greeting %016x %016x; this is no newstyle NBD server".formatted(magic, style));
        }
        if ((flags & Handshake.FLAG_FIXED_NEWSTYLE) == 0) {
            throw talk.violation("handshake flags %x without fixed newstyle".formatted(flags));
        }
        noZeroes = (flags & Handshake.FLAG_NO_ZEROES) != 0;
        int answer = Handshake.FLAG_FIXED_NEWSTYLE | (noZeroes ? Handshake.FLAG_NO_ZEROES : 0);
        link.writeFully(ByteBuffer.allocate(4).putInt(answer).flip());
    }

    private void startTls() throws NbdException {
        if (!uri.tls()) {
            return;
        }
        talk.send(Handshake.OPT_STARTTLS, ByteBuffer.allocate(0));
        OptionTalk.Reply reply = talk.reply(Handshake.OPT_STARTTLS);
        checkAckOrError(reply, "STARTTLS");
        if (reply.isError()) {
            throw new NbdException.Refused(
                    "%s refuses TLS%s, and this URI demands it. Use nbd:// only if the network between is trusted"
                            .formatted(uri, reply.words()));
        }
        link.startTls();
    }

    private boolean structuredReplies() throws NbdException {
        talk.send(Handshake.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0));
        OptionTalk.Reply reply = talk.reply(Handshake.OPT_STRUCTURED_REPLY);
        demandTlsIfAsked(reply);
        checkAckOrError(reply, "STRUCTURED_REPLY");
        return reply.type() == Handshake.REP_ACK;
    }

    private Map<Integer, String> setMetaContexts(List<String> wanted) throws NbdException {
        Map<Integer, String> contexts = new LinkedHashMap<>();
        if (wanted.isEmpty()) {
            return contexts;
        }
        ByteBuffer data = ByteBuffer.allocate(Handshake.OPTION_BYTES_MAX);
        OptionTalk.putString(data, uri.exportName());
        data.putInt(wanted.size()); // number of queries, 4 bytes
        wanted.forEach(context -> OptionTalk.putString(data, context));
        talk.send(Handshake.OPT_SET_META_CONTEXT, data.flip());
        while (true) {
            OptionTalk.Reply reply = talk.reply(Handshake.OPT_SET_META_CONTEXT);
            if (reply.type() == Handshake.REP_META_CONTEXT) {
                int id = talk.need(reply.data(), 4).getInt(); // context id, 4 bytes; then its name
                contexts.put(id, StandardCharsets.UTF_8.decode(reply.data()).toString());
                if (contexts.size() > wanted.size()) {
                    throw talk.violation("more metadata contexts than were asked for");
                }
            } else if (reply.type() == Handshake.REP_ACK || reply.isError()) {
                return reply.isError() ? Map.of() : contexts;
            } else {
                throw talk.violation("reply type %d to SET_META_CONTEXT".formatted(reply.type()));
            }
        }
    }

    private ExportInfo enter(Map<Integer, String> contexts) throws NbdException {
        ByteBuffer data = ByteBuffer.allocate(Handshake.STRING_BYTES_MAX + 8);
        OptionTalk.putString(data, uri.exportName());
        data.putShort((short) 1); // number of information requests, 2 bytes
        data.putShort((short) Handshake.INFO_BLOCK_SIZE);
        talk.send(Handshake.OPT_GO, data.flip());
        ExportSizes sizes = new ExportSizes(talk, uri.exportName());
        while (true) {
            OptionTalk.Reply reply = talk.reply(Handshake.OPT_GO);
            if (reply.type() == Handshake.REP_INFO) {
                sizes.takeInfo(reply.data());
            } else if (reply.type() == Handshake.REP_ACK) {
                return sizes.export(contexts.values());
            } else if (reply.type() == Handshake.REP_ERR_UNSUP) {
                return enterByName(contexts);
            } else {
                throw refusal(reply);
            }
        }
    }

    /** EXPORT_NAME: the server closes the connection if it does not like the name. */
    private ExportInfo enterByName(Map<Integer, String> contexts) throws NbdException {
        talk.send(Handshake.OPT_EXPORT_NAME, ByteBuffer.wrap(uri.exportName().getBytes(StandardCharsets.UTF_8)));
        ExportSizes sizes = new ExportSizes(talk, uri.exportName());
        try {
            ByteBuffer answer = talk.receive(10);
            sizes.takeExport(answer);
        } catch (NbdException.Disconnected e) {
            throw new NbdException.Refused(
                    "%s has no export '%s', or does not give it to us; list what it has with nbdinfo --list"
                            .formatted(uri, uri.exportName()),
                    e);
        }
        if (!noZeroes) {
            talk.receive(Handshake.EXPORT_NAME_PADDING_BYTES);
        }
        return sizes.export(contexts.values());
    }

    private NbdException refusal(OptionTalk.Reply reply) throws NbdException {
        if (!reply.isError()) {
            return talk.violation("reply type %d to GO".formatted(reply.type()));
        }
        demandTlsIfAsked(reply);
        if (reply.type() == Handshake.REP_ERR_UNKNOWN) {
            return new NbdException.Refused("%s has no export '%s'%s; list what it has with nbdinfo --list"
                    .formatted(uri, uri.exportName(), reply.words()));
        }
        if (reply.type() == Handshake.REP_ERR_SHUTDOWN) {
            return new NbdException.Disconnected("%s is shutting down%s".formatted(uri, reply.words()));
        }
        return new NbdException.Refused("%s refuses the export '%s' with error %d%s"
                .formatted(uri, uri.exportName(), reply.type() & ~Handshake.REP_FLAG_ERROR, reply.words()));
    }

    private void checkAckOrError(OptionTalk.Reply reply, String option) throws NbdException {
        if (reply.type() != Handshake.REP_ACK && !reply.isError()) {
            throw talk.violation("reply type %d to %s".formatted(reply.type(), option));
        }
    }

    private void demandTlsIfAsked(OptionTalk.Reply reply) throws NbdException {
        if (reply.type() == Handshake.REP_ERR_TLS_REQD) {
            throw new NbdException.Refused(
                    "%s demands TLS%s; use nbds:// (or nbds+unix://) with tls-certificates=FOLDER"
                            .formatted(uri, reply.words()));
        }
    }
}
