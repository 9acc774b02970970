package io.migratekit.volume.cloudstack.api;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A server's certificate does not pass; the message goes on after the server's name, and says what to do. */
final class UntrustedCertificate extends CertificateException {
    UntrustedCertificate(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Returns the one that a failed handshake is due to, if it is due to one. */
    static @Nullable UntrustedCertificate behind(@Nullable Throwable failure) {
        if (failure == null || failure instanceof UntrustedCertificate) {
            return (UntrustedCertificate) failure;
        }
        return behind(failure.getCause());
    }
}
