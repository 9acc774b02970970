package io.migratekit.source.vcenter;

import io.migratekit.source.SourceRef;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A disk by identity: {@code vcenter:<vCenter instance UUID>/<VM instance UUID>/<device key>}. Neither names nor places
 * are in it, since both change.
 *
 * @param vCenter instance UUID of the vCenter, in lower case
 * @param machine instance UUID of the machine, in lower case
 * @param disk device key
 */
public record VCenterRef(String vCenter, String machine, int disk) {
    private static final String SCHEME = "vcenter:";
    static final String FORM = SCHEME + "<vCenter UUID>/<VM instance UUID>/<device key>";

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern TEXT = Pattern.compile(SCHEME + "(" + UUID + ")/(" + UUID + ")/([0-9]{1,9})");

    public VCenterRef {
        vCenter = vCenter.toLowerCase(Locale.ROOT);
        machine = machine.toLowerCase(Locale.ROOT);
    }

    /** Tells whether a disk is one of a vCenter. */
    public static boolean isIn(SourceRef ref) {
        return ref.text().startsWith(SCHEME);
    }

    /**
     * Reads a reference.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static VCenterRef parse(SourceRef ref) {
        Matcher text = TEXT.matcher(ref.text().toLowerCase(Locale.ROOT));
        if (!text.matches()) {
            throw new IllegalArgumentException("source '%s'; the form is %s".formatted(ref, FORM));
        }
        return new VCenterRef(text.group(1), text.group(2), Integer.parseInt(text.group(3)));
    }

    /** Returns it as it is stored. */
    public SourceRef toSourceRef() {
        return new SourceRef("%s%s/%s/%d".formatted(SCHEME, vCenter, machine, disk));
    }
}
