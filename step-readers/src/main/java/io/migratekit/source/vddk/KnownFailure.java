package io.migratekit.source.vddk;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What nbdkit and VDDK print when they cannot read, and what to do about it. The first that fits is taken, so what
 * says more comes first. VDDK's log (debugging, to nbdkit) says some things better than its errors, but has harmless
 * lines as well, so only patterns that are sure enough are looked for there. Texts: nbdkit-vddk-plugin(1), its source, and reports of users; VDDK documents none.
 */
enum KnownFailure {
    PLUGIN_MISSING(
            Where.ALL_LINES,
            "cannot open plugin '[^']*'|nbdkit-[\\w-]+-plugin\\.so: cannot open shared object",
            "nbdkit has no such plugin. Install it (Debian: nbdkit-plugin-vddk, Red Hat: nbdkit-vddk-plugin), or name another plugin in the settings"),
    FILTER_MISSING(
            Where.ALL_LINES,
            "cannot open filter '[^']*'|nbdkit-[\\w-]+-filter\\.so: cannot open shared object",
            "nbdkit lacks one of its filters multi-conn, limit, cacheextents and blocksize. Install them (Red Hat: nbdkit-basic-filters)"),
    LIBRARY_VERSION(
            Where.ERRORS,
            "VDDK version must be|required VDDK symbol|version [`'][^']*' not found|unknown parameter '[^']*'|unknown compression type|undefined symbol",
            "VDDK and nbdkit's plugin do not fit together. VDDK 6.5 or later is needed, best of the version of vCenter, and nbdkit 1.30 or later"),
    LIBRARY_MISSING(
            Where.ALL_LINES,
            "libvixDiskLib\\.so[^:]*: cannot open shared object|libvixDiskLib\\S* is located on a non-standard path",
            "VDDK is not where nbdkit looks for it. Download VDDK from Broadcom, unpack it, and set the VDDK folder to its vmware-vix-disklib-distrib"),
    LIBRARY_INCOMPLETE(
            Where.ERRORS,
            "\\S+\\.so[.\\d]*: cannot open shared object",
            "a library that VDDK or nbdkit needs is missing. Install it, or take the VDDK version that is made for this system"),
    THUMBPRINT(
            Where.ALL_LINES,
            "Failed to verify SSL certificate|certificate verif\\w+ failed|thumbprint\\S* (?:mismatch|does not match)",
            "the server's certificate has another thumbprint than expected: it was renewed, or somebody else answers. Compare it with the thumbprint on the server's console before the new one is set"),
    LOGIN(
            Where.ALL_LINES,
            "incorrect user ?name or password|InvalidLogin|Cannot complete login|authentication fail|Login failed",
            "user or password is wrong, or the account is locked. Test them with 'credentials test' before another try, which may lock the account"),
    LICENSE(
            Where.ALL_LINES,
            "not licensed for this feature|no valid licen[cs]e|licen[cs]e (?:has )?expired",
            "the host has no licence for this, or the user misses privileges on the level of vCenter (VDDK says the same for both). Give the user Global > Disable methods and Enable methods, and check that the host's licence is no free one"),
    TRANSPORT(
            Where.ALL_LINES,
            "No transport modes? availab|transport modes? \\S* ?(?:is|are)? ?(?:not available|unavailable|not supported|unsupported|invalid)",
            "none of the wanted transports reaches this disk. Allow nbdssl and nbd in the settings; san and hotadd need a machine with access to the datastore"),
    HOST_UNKNOWN(
            Where.ALL_LINES,
            "Host address lookup for server|Name or service not known|failure in name resolution|getaddrinfo",
            "a host's name is not known here. VDDK connects to the ESXi host by the name that vCenter has for it; put that into DNS or /etc/hosts"),
    PORT_BLOCKED(
            Where.ALL_LINES,
            "(?:Failed to connect to|Timed out connecting to|Couldn't connect to) ?(?:server ?)?\\S*:902\\b|vmware-authd|Failed to create new AuthD connection|server refused connection",
            "port 902 of the ESXi host does not answer. Open TCP 902 from this machine to each host that may run the virtual machine (and 443 to vCenter), then restart the job"),
    NFC_MEMORY(
            Where.ALL_LINES,
            "NFC error 5\\b|Failed to allocate the requested|NFC_NO_MEMORY|too many \\w* ?(?:NFC )?(?:connections|sessions|handles)|maximum number of \\w* ?(?:NFC )?(?:connections|sessions)",
            "the host has no memory for another NFC connection. Read fewer of its disks at once, lower the connections per disk, or raise maxMemory of nfcsvc in the host's hostd configuration"),
    NOT_FOUND(
            Where.ERRORS,
            "ManagedObjectNotFound|already been deleted or has not been completely created|file was not found|FileNotFound|snapshot \\S* ?(?:was )?(?:not found|does not exist)|Cannot create disk spec|object (?:cannot be|was not) found",
            "VDDK finds no such snapshot or disk: the snapshot was removed, the disk was moved (Storage vMotion), or it is independent. Restart the job, which asks vCenter for the disk anew and goes on where it ended; if the snapshot is gone it takes another"),
    PERMISSION(
            Where.ERRORS,
            "Insufficient permissions|do not have access rights|NoPermission|Permission to perform this operation was denied",
            "the user may not read this disk. Give it Provisioning > Allow read-only disk access and Allow virtual machine download on machine and datastore, and Global > Disable methods and Enable methods on vCenter"),
    PARAMETERS(
            Where.ERRORS,
            "One of the parameters was invalid|missing parameter",
            "VDDK refuses one of the values: the reference of machine or snapshot, the disk's path, or the thumbprint. Check that machine and snapshot are there, then restart the job"),
    UNREACHABLE(
            Where.ERRORS,
            "Cannot connect to (?:the )?host|Failed to connect|Connection (?:refused|timed out|reset)|No route to host|Network is unreachable|Timed out connecting",
            "the server does not answer. Check that vCenter runs, and that TCP 443 to it and 902 to the hosts are open from this machine"),
    NFC(
            Where.ERRORS,
            "\\[NFC ERROR\\]|NFC error \\d+|NfcFssrvr",
            "the host ended the NFC transfer. Look into the host's hostd.log of that time; lower the connections per disk if it recurs"),
    PERHAPS_THUMBPRINT(
            Where.ERRORS,
            "verify whether the \"thumbprint\"",
            "VDDK could not connect and does not say why; probably the server's certificate has another thumbprint than expected. Compare it with the thumbprint on the server's console, and see that vCenter's port 443 answers");

    private enum Where {
        ERRORS,
        ALL_LINES
    }

    private final Where where;
    private final Pattern pattern;
    private final String advice;

    KnownFailure(Where where, String pattern, String advice) {
        this.where = where;
        this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        this.advice = advice;
    }

    /** What VDDK prints although all is well: it fits to some of the patterns. */
    private static final Pattern HARMLESS = Pattern.compile(
            "Advanced transports not available|Get CEIP status failed|config key=|: calling: |debug flag -D|No transport plugin",
            Pattern.CASE_INSENSITIVE);

    /**
     * A failure and the line that shows it.
     *
     * @param line without secrets
     */
    record Found(KnownFailure failure, String line) {
        String text() {
            return "%s. It said: %s".formatted(failure.advice, line.strip());
        }
    }

    /** Tells whether it stays until somebody has changed something, so that another try is of no use, or does harm. */
    boolean lasts() {
        return switch (this) {
            case LOGIN, THUMBPRINT, PERMISSION, NOT_FOUND -> true;
            case PLUGIN_MISSING,
                    FILTER_MISSING,
                    LIBRARY_VERSION,
                    LIBRARY_MISSING,
                    LIBRARY_INCOMPLETE,
                    LICENSE,
                    TRANSPORT,
                    HOST_UNKNOWN,
                    PORT_BLOCKED,
                    NFC_MEMORY,
                    PARAMETERS,
                    UNREACHABLE,
                    NFC,
                    PERHAPS_THUMBPRINT -> false;
        };
    }

    /** Looks for the first kind that fits to any of the lines. */
    static Optional<Found> in(List<String> lines) {
        for (KnownFailure failure : values()) {
            for (String line : lines) {
                if (failure.fits(line)) {
                    return Optional.of(new Found(failure, line));
                }
            }
        }
        return Optional.empty();
    }

    /** Tells whether a line is a refused log-in for certain, so that no other may be tried. */
    static boolean isRefusedLogIn(String line) {
        return !NbdkitOutput.isDebugging(line) && LOGIN.fits(line);
    }

    private boolean fits(String line) {
        return (where == Where.ALL_LINES || !NbdkitOutput.isDebugging(line))
                && pattern.matcher(line).find()
                && !HARMLESS.matcher(line).find();
    }
}
