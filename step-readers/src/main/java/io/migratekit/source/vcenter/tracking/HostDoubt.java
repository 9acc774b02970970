package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.Optional;

/**
 * Hosts whose change tracking is known to lose changes without an error. What one of them lost stays lost when the
 * machine moves or the host is mended, so both ends of a question count.
 */
final class HostDoubt {
    /** From this build on, ESXi 6.0 does not lose changes of a consolidation (VMware KB 2136854). */
    private static final long MENDED_BUILD = 3_247_720;

    /** From this version on a vCenter manages no host that is as old as ESXi 6.0. */
    private static final int VCENTER_WITHOUT_OLD_HOSTS = 7;

    private HostDoubt() {}

    /** Returns why the host where a machine is now is not to be believed; empty if it is. */
    static Optional<String> of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        return of(version(session), HostBuild.of(session, machine));
    }

    /** Does the same for the host of an earlier moment. */
    static Optional<String> then(VCenterSession session, Optional<HostBuild> host) {
        return of(version(session), host).map(doubt -> "at that moment " + doubt);
    }

    private static String version(VCenterSession session) {
        return String.valueOf(session.about().getVersion());
    }

    static Optional<String> of(String vCenterVersion, Optional<HostBuild> host) {
        if (host.isEmpty()) {
            return mayHaveOldHosts(vCenterVersion)
                    ? Optional.of(
                            "what its host ran is not known, and a vCenter %s may have hosts of ESXi 6.0 that lose changes (VMware KB 2136854); give the user the right to read its hosts"
                                    .formatted(vCenterVersion))
                    : Optional.empty();
        }
        return host.filter(known -> known.version().startsWith("6.0") && known.build() < MENDED_BUILD)
                .map(known ->
                        "its host ran ESXi %s build %d, which can lose changes (VMware KB 2136854); update it to build %d or later"
                                .formatted(known.version(), known.build(), MENDED_BUILD));
    }

    private static boolean mayHaveOldHosts(String vCenterVersion) {
        String major = vCenterVersion.replaceFirst("\\..*", "");
        return !major.matches("[0-9]{1,4}") || Integer.parseInt(major) < VCENTER_WITHOUT_OLD_HOSTS;
    }
}
