package io.migratekit.volume.local;

import io.migratekit.volume.VolumeId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads {@code volume.json}. Strict: what is missing or unknown makes it damaged, not something else. */
final class VolumeJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private VolumeJson() {}

    static byte[] write(StoredVolume volume) {
        return (MAPPER.writeValueAsString(volume) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a description.
     *
     * @param id the folder it lies in
     * @throws IllegalArgumentException with the reason if it is damaged
     */
    static StoredVolume read(VolumeId id, byte[] json) {
        StoredVolume volume = parse(json);
        if (!volume.id().equals(id)) {
            throw new IllegalArgumentException(
                    "it describes volume %s; perhaps the folder was copied".formatted(volume.id()));
        }
        return volume;
    }

    private static StoredVolume parse(byte[] json) {
        @Nullable StoredVolume volume;
        try {
            volume = MAPPER.readValue(json, StoredVolume.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
        if (volume == null) {
            throw new IllegalArgumentException("it says null");
        }
        return volume;
    }

    private static @Nullable String reason(JacksonException e) {
        return e.getCause() instanceof IllegalArgumentException ours ? ours.getMessage() : e.getOriginalMessage();
    }
}
