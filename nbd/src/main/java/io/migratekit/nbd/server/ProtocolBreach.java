package io.migratekit.nbd.server;

import java.io.IOException;

/** The client broke the protocol, so its connection ends: where its next message begins is unknown. */
final class ProtocolBreach extends IOException {
    ProtocolBreach(String message) {
        super(message);
    }
}
