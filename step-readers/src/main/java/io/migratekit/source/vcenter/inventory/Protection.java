package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What protects a machine's disks from being read elsewhere. Version 6.0 of the API, which everything else is asked in,
 * knows neither; these two are a text and a flag, so they can be asked in the version that brought them.
 *
 * @param encrypted whether vSphere encrypts its files (since 6.5)
 * @param trustedPlatform whether it has a virtual TPM (since 6.7); empty where the vCenter is too old to have any
 */
public record Protection(boolean encrypted, Optional<Boolean> trustedPlatform) {
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");
    private static final String KEY = "config.keyId.keyId";
    private static final String TPM = "summary.config.tpmPresent";

    /**
     * Asks for a machine's.
     *
     * @return empty if the vCenter is older than both
     */
    public static Optional<Protection> of(VCenterSession session, ManagedObjectReference machine)
            throws SourceException {
        Optional<String> version = version(String.valueOf(session.about().getApiVersion()));
        if (version.isEmpty()) {
            return Optional.empty();
        }
        boolean knowsTpm = version.get().equals("6.7");
        PropertyQuestion question = knowsTpm
                ? new PropertyQuestion().of("VirtualMachine", KEY, TPM)
                : new PropertyQuestion().of("VirtualMachine", KEY);
        PropertyRow row = session.ask(
                "tell whether %s is encrypted".formatted(machine.getVal()),
                vim -> question.ask(vim.speaking(version.get()), machine));
        return Optional.of(
                new Protection(row.text(KEY).isPresent(), knowsTpm ? Optional.of(row.is(TPM)) : Optional.empty()));
    }

    /** Returns the version to ask in: never beyond what the vCenter knows, and no newer than the question needs. */
    static Optional<String> version(String apiVersion) {
        Matcher parts = VERSION.matcher(apiVersion);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(parts.group(1)) * 10_000 + Integer.parseInt(parts.group(2));
        return number >= 6_0007 ? Optional.of("6.7") : number >= 6_0005 ? Optional.of("6.5") : Optional.empty();
    }
}
