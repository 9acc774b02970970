package io.migratekit.source.vddk;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What nbdkit and VDDK print when they cannot read, and what to do about it. The first that fits is taken, so what
 * says more comes first. Texts: nbdkit-vddk-plugin(1), its source, and reports of users; VDDK documents none.
 */
enum KnownFailure {
    PLUGIN_MISSING(
            "cannot open plugin '[^']*'|nbdkit-[\\w-]+-plugin\\.so: cannot open shared object",
            "nbdkit has no such plugin. Install it (Debian: nbdkit-plugin-vddk, Red Hat: nbdkit-vddk-plugin), or name another plugin in the settings"),
    FILTER_MISSING(
            "cannot open filter '[^']*'|nbdkit-[\\w-]+-filter\\.so: cannot open shared object",
            "nbdkit has not the filters limit, cacheextents and blocksize. Install them (Red Hat: nbdkit-basic-filters)"),
    LIBRARY_VERSION(
            "VDDK version must be|required VDDK symbol|version [`'][^']*' not found|unknown parameter '[^']*'|unknown compression type|undefined symbol",
            "VDDK and nbdkit's plugin do not fit together. VDDK 6.5 or later is needed, best the version of vCenter, and an nbdkit of 1.30 or later"),
    LIBRARY_MISSING(
            "libvixDiskLib\\.so[^:]*: cannot open shared object|libvixDiskLib\\S* is located on a non-standard path",
            "VDDK is not where nbdkit looks for it. Download VDDK from Broadcom, unpack it, and set the VDDK folder to its vmware-vix-disklib-distrib"),
    LIBRARY_INCOMPLETE(
            "\\S+\\.so[.\\d]*: cannot open shared object",
            "a library that VDDK or nbdkit needs is missing. Install it, or take the VDDK version that is made for this system"),
    THUMBPRINT(
            "Failed to verify SSL certificate|certificate verif\\w+ failed|thumbprint\\S* (?:mismatch|does not match)|actual thumbprint",
            "the server's certificate has not the expected thumbprint: it was renewed, or somebody else answers. Compare the thumbprint on the server's console, then set the new one"),
    LOGIN(
            "incorrect user ?name or password|InvalidLogin|Cannot complete login|authentication fail|Login failed",
            "user or password is wrong, or the account is locked. Test it with 'credentials test', and unlock the account before another try"),
    LICENSE(
            "not licensed for this feature|license",
            "the host has no licence for this, or the user misses privileges on vCenter level (VDDK says the same for both). Give the user Global > Disable methods and Enable methods, and check that the host's licence is no free one"),
    TRANSPORT(
            "No transport modes? availab|transport mode\\S* \\S* ?(?:is|are)? ?(?:not available|unavailable|not supported|unsupported|invalid)|None of the \\w* ?transport",
            "none of the wanted transports can reach this disk. Allow nbdssl and nbd in the settings; san and hotadd need a proxy with access to the datastore"),
    HOST_UNKNOWN(
            "Host address lookup for server|Name or service not known|failure in name resolution|getaddrinfo",
            "a host's name is not known here. VDDK connects to the ESXi host by the name that vCenter has for it; put it into DNS or /etc/hosts"),
    PORT_BLOCKED(
            ":902\\b|vmware-authd|NfcNewAuthdConnection|AuthdCnx|AuthCnxToServer|NBD_ClientOpen: Couldn't connect|server refused connection",
            "the ESXi host's port 902 cannot be reached. Open TCP 902 from this machine to each host that may run the machine (and 443 to vCenter), then restart the job"),
    NFC_MEMORY(
            "NFC error 5\\b|Failed to allocate the requested|NFC_NO_MEMORY|too many \\w* ?(?:NFC )?(?:connections|sessions|handles)|maximum number of \\w* ?(?:NFC )?(?:connections|sessions)",
            "the host has no memory for another NFC connection. Let fewer disks of this host be read at once, lower the connections per disk, or raise maxMemory of nfcsvc in the host's hostd configuration"),
    NOT_FOUND(
            "ManagedObjectNotFound|already been deleted or has not been completely created|file was not found|(?:FileNotFound|does not exist|cannot be found|could not be found|was not found)|Cannot create disk spec|Invalid snapshot",
            "VDDK finds no such snapshot or disk: the snapshot was removed, the disk moved to another datastore, or the disk is independent. Start a new replication, which takes a new snapshot"),
    PERMISSION(
            "Insufficient permissions|do not have access rights|NoPermission|Permission to perform this operation was denied",
            "the user may not read this disk. Give it Provisioning > Allow read-only disk access and Allow virtual machine download on the machine and its datastore, and Global > Disable and Enable methods on vCenter"),
    PARAMETERS(
            "One of the parameters was invalid|missing parameter",
            "VDDK takes one of the values for nonsense: the machine's or the snapshot's reference, the disk's path, or the thumbprint. Check that machine and snapshot are there, then restart the job"),
    UNREACHABLE(
            "Cannot connect to (?:the )?host|Failed to connect|Connection (?:refused|timed out|reset)|No route to host|Network is unreachable|Timed out connecting",
            "the server cannot be reached. Check that vCenter runs, and that TCP 443 to it and 902 to the hosts are open from this machine"),
    NFC(
            "\\[NFC ERROR\\]|NFC error \\d+|NfcFssrvr",
            "the host ended the NFC transfer. Look into hostd.log of the host for the same time; lower the connections per disk if it recurs");

    private final Pattern pattern;
    private final String advice;

    KnownFailure(String pattern, String advice) {
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
        String advice() {
            return failure.advice;
        }
    }

    /** Looks for the first kind that fits to any of the lines. */
    static Optional<Found> in(List<String> lines) {
        List<String> telling =
                lines.stream().filter(line -> !HARMLESS.matcher(line).find()).toList();
        for (KnownFailure failure : values()) {
            for (String line : telling) {
                Matcher matcher = failure.pattern.matcher(line);
                if (matcher.find()) {
                    return Optional.of(new Found(failure, line));
                }
            }
        }
        return Optional.empty();
    }
}
