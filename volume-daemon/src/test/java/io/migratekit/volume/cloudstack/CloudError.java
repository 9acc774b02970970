package io.migratekit.volume.cloudstack;

/** A refusal of {@link CloudServer}. */
final class CloudError extends RuntimeException {
    private static final long serialVersionUID = 1;

    final int code;

    CloudError(int code, String text) {
        super(text);
        this.code = code;
    }

    /** How CloudStack says that an id names nothing. */
    static CloudError unknown(String parameter, String value) {
        return new CloudError(
                431,
                "Invalid parameter %s value=%s due to incorrect long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class."
                        .formatted(parameter, value));
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
