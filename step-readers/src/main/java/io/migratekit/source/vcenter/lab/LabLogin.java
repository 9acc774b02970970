package io.migratekit.source.vcenter.lab;

import java.net.URI;

/**
 * Where and how to log in to a lab vCenter.
 *
 * @param url of its SOAP service, as in {@code https://127.0.0.1:41234/sdk}
 * @param user who may log in
 * @param password the user's
 * @param sha1Thumbprint of its certificate, as in {@code AB:CD:…}
 * @param sha256Thumbprint of its certificate, as in {@code AB:CD:…}
 */
public record LabLogin(URI url, String user, String password, String sha1Thumbprint, String sha256Thumbprint) {
    @Override
    public String toString() {
        return "%s at %s".formatted(user, url);
    }
}
