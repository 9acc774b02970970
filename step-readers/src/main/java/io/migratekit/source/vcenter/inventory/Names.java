package io.migratekit.source.vcenter.inventory;

import java.util.Locale;

/**
 * Names as vCenter writes them: percent, slash and backslash as {@code %25}, {@code %2f} and {@code %5c} (vSphere Web
 * Services API, ManagedEntity: name).
 */
public final class Names {
    private Names() {}

    /** Returns a name as people see it. */
    public static String shown(String written) {
        StringBuilder shown = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            String escape =
                    written.substring(i, Math.min(written.length(), i + 3)).toLowerCase(Locale.ROOT);
            char letter = switch (escape) {
                case "%2f" -> '/';
                case "%5c" -> '\\';
                case "%25" -> '%';
                default -> 0;
            };
            shown.append(letter == 0 ? written.charAt(i) : letter);
            i += letter == 0 ? 0 : 2;
        }
        return shown.toString();
    }

    /** Returns a name as a part of a path. */
    static String inPath(String shown) {
        return shown.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c");
    }
}
