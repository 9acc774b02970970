package io.migratekit.volume.cloudstack;

import io.migratekit.volume.cloudstack.api.ApiCommand;
import tools.jackson.databind.JsonNode;

/** The resource tag that says whose a volume or machine is. What does not carry it with our value is never changed. */
record Ownership(String installationId) {
    static final String KEY = "migratekit-owner";

    /** Returns whether an entry of a listing carries our tag. */
    boolean of(JsonNode row) {
        for (JsonNode tag : row.path("tags")) {
            if (tag.path("key").asString("").equals(KEY)) {
                return tag.path("value").asString("").equals(installationId);
            }
        }
        return false;
    }

    /** Returns a listing of nothing but what carries our tag. */
    ApiCommand filter(ApiCommand listing) {
        return tag(listing);
    }

    /** Returns the command that puts the tag on. */
    ApiCommand mark(String resourceType, String id) {
        return tag(
                ApiCommand.of("createTags").with("resourcetype", resourceType).with("resourceids", id));
    }

    private ApiCommand tag(ApiCommand command) {
        return command.with("tags[0].key", KEY).with("tags[0].value", installationId);
    }
}
