package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import tools.jackson.databind.JsonNode;

/** What came of a request. */
public sealed interface ApiReply {

    /**
     * It was accepted.
     *
     * @param content what the reply's one envelope holds
     */
    record Answer(JsonNode content) implements ApiReply {
        @Override
        public JsonNode orThrow() {
            return content;
        }
    }

    /** It was refused, and nothing was begun. */
    record Refusal(ApiFailure failure) implements ApiReply {
        @Override
        public JsonNode orThrow() {
            throw failure.explained();
        }
    }

    /**
     * No sensible reply came.
     *
     * @param why of kind UNAVAILABLE
     * @param mayHaveArrived whether the other side may have begun what was asked
     */
    record Silence(VolumeException why, boolean mayHaveArrived) implements ApiReply {
        @Override
        public JsonNode orThrow() {
            throw why;
        }
    }

    /**
     * Returns the content.
     *
     * @throws VolumeException if it was refused, or no sensible reply came
     */
    JsonNode orThrow();
}
