package io.migratekit.volume.cloudstack;

import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** What a command does at once, and the work of its job. */
record CloudOutcome(ObjectNode content, Optional<Supplier<ObjectNode>> work) {
    static CloudOutcome done(ObjectNode content) {
        return new CloudOutcome(content, Optional.empty());
    }

    static CloudOutcome job(ObjectNode content, Supplier<ObjectNode> work) {
        return new CloudOutcome(content, Optional.of(work));
    }
}
