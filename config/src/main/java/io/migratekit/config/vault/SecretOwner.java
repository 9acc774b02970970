package io.migratekit.config.vault;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a secret belongs to. It is sealed together with this, so that nobody who can write the database can open it
 * elsewhere: not in another row, not in another column, and not for another server.
 *
 * @param column where it is kept
 * @param name of its row, which never changes
 * @param endpoint the server that it is for
 */
public record SecretOwner(SealedColumn column, String name, String endpoint) {

    /** Returns what is authenticated along with a secret: all parts, each with its length in front. */
    byte[] bytes(String version, String keyId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String part :
                    new String[] {"migratekit vault", version, keyId, column.table(), column.column(), name, endpoint
                    }) {
                out.writeUTF(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a name or endpoint of more than 64 KiB cannot own a secret", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return "the %s '%s'".formatted(column.words(), name);
    }
}
