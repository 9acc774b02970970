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
 * What protects a machine's disks from being read elsewhere, or from starting there. Version 6.0 of the API, which
 * everything else is asked in, knows nothing of it; a text and two flags can be asked for in the version that brought
 * them.
 *
 * @param encrypted whether vSphere encrypts its files (since 6.5)
 * @param secureBoot whether its firmware only starts what is signed (since 6.5)
 * @param tpm whether it has a virtual TPM, whose secrets stay behind (since 6.7)
 */
public record Protection(boolean encrypted, boolean secureBoot, boolean tpm) {
    /** That of a machine which nothing protects, and of all in a vCenter that is too old to protect any. */
    public static final Protection NONE = new Protection(false, false, false);

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");
    private static final String KEY = "config.keyId.keyId";
    private static final String SECURE_BOOT = "config.bootOptions.efiSecureBootEnabled";
    private static final String TPM = "summary.config.tpmPresent";

    /** Asks for a machine's. */
    public static Protection of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        Optional<String> version = version(String.valueOf(session.about().getApiVersion()));
        if (version.isEmpty()) {
            return NONE;
        }
        boolean knowsTpm = version.get().equals("6.7");
        PropertyQuestion question = knowsTpm
                ? new PropertyQuestion().of("VirtualMachine", KEY, SECURE_BOOT, TPM)
                : new PropertyQuestion().of("VirtualMachine", KEY, SECURE_BOOT);
        PropertyRow row = session.ask(
                "tell how %s is protected".formatted(machine.getVal()),
                vim -> question.ask(vim.speaking(version.get()), machine));
        return new Protection(row.text(KEY).isPresent(), row.is(SECURE_BOOT), knowsTpm && row.is(TPM));
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
