package io.migratekit.volume.cloudstack.api;

import tools.jackson.databind.JsonNode;

/** How an asynchronous job ended. */
public sealed interface JobEnd {

    /**
     * It has done what was asked.
     *
     * @param result its {@code jobresult}
     */
    record Succeeded(JsonNode result) implements JobEnd {}

    /** It says that it has not; whether part of it happened, only looking tells. */
    record Failed(ApiFailure failure) implements JobEnd {}

    /** CloudStack does not know it: it forgets jobs after some days. Only looking tells what it did. */
    record Forgotten() implements JobEnd {}
}
