package io.migratekit.source.vcenter;

import io.migratekit.source.SourceAdapter;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterLimits;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vddk.VddkReader;
import io.migratekit.source.vddk.VddkSettings;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes machines of vCenters. Whoever has accounts gives a {@link VCenterAccounts}; {@link VCenterLimits}, {@link
 * VddkSettings} and {@link FullPlan} may be given, and are the defaults otherwise.
 */
@Configuration(proxyBeanMethods = false)
public class VCenterConfiguration {

    /** Returns what opens sessions; closed with the program. */
    @Bean
    public VCenterSessions vCenterSessions(ObjectProvider<VCenterLimits> limits) {
        return new VCenterSessions(limits.getIfAvailable(VCenterLimits::defaults));
    }

    /** Returns what people look around with. */
    @Bean
    public VCenters vCenters(ObjectProvider<VCenterAccounts> accounts, VCenterSessions sessions) {
        return new VCenters(accounts.getIfAvailable(NoAccounts::new), sessions);
    }

    /** Returns the adapter. */
    @Bean
    public SourceAdapter vCenterAdapter(
            ObjectProvider<VCenterAccounts> accounts,
            VCenterSessions sessions,
            ObjectProvider<VddkSettings> vddk,
            ObjectProvider<FullPlan> fullPlan) {
        return new VCenterSource(
                accounts.getIfAvailable(NoAccounts::new),
                sessions,
                new VddkReader(vddk.getIfAvailable(VddkSettings::defaults)),
                fullPlan.getIfAvailable(() -> FullPlan.TRUSTED));
    }

    /** Where nobody keeps accounts. */
    private static final class NoAccounts implements VCenterAccounts {
        @Override
        public List<VCenterAccount> candidates(String instanceUuid, String machineName) {
            return List.of();
        }

        @Override
        public Optional<VCenterAccount> named(String name) {
            return Optional.empty();
        }
    }
}
