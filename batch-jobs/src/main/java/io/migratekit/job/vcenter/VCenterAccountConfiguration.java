package io.migratekit.job.vcenter;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.Vcenter;
import io.migratekit.config.Vddk;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.job.ledger.Machines;
import io.migratekit.source.vcenter.FullPlan;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterLimits;
import io.migratekit.source.vddk.VddkPlugin;
import io.migratekit.source.vddk.VddkSettings;
import io.migratekit.source.vddk.VddkSettings.Compression;
import io.migratekit.source.vddk.VddkSettings.Transport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the vCenter adapter its accounts and settings. */
@Configuration(proxyBeanMethods = false)
public class VCenterAccountConfiguration {

    @Bean
    VCenterAccounts storedVCenterAccounts(VmwareCredentials credentials, Machines machines) {
        return new StoredAccounts(credentials, machines);
    }

    @Bean
    VCenterLimits vCenterLimits(MigrateKitSettings settings) {
        Vcenter set = settings.vcenter();
        VCenterLimits usual = VCenterLimits.defaults();
        return new VCenterLimits(
                set.connectTimeout(),
                set.answerTimeout(),
                set.outage(),
                usual.firstPause(),
                usual.keepAlive(),
                set.taskTimeout());
    }

    @Bean
    FullPlan fullPlan(MigrateKitSettings settings) {
        return switch (settings.vcenter().fullCopy()) {
            case AUTO -> FullPlan.TRUSTED;
            case WHOLE -> FullPlan.WHOLE_DISK;
            case ALLOCATED -> FullPlan.ALLOCATED;
        };
    }

    @Bean
    VddkSettings storedVddkSettings(MigrateKitSettings settings) {
        Vddk set = settings.vddk();
        return new VddkSettings(
                new VddkPlugin(set.nbdkit(), set.plugin(), set.pluginArguments(), set.library()),
                set.transports().stream()
                        .map(transport -> Transport.valueOf(transport.name()))
                        .toList(),
                Compression.valueOf(set.compression().name()),
                set.connections(),
                set.startTimeout(),
                set.openTimeout(),
                set.silenceTimeout(),
                set.endTimeout(),
                VddkSettings.defaults().folder());
    }
}
