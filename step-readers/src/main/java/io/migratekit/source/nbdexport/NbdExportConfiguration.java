package io.migratekit.source.nbdexport;

import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.source.standing.StandingDisks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives disks served by NBD servers. */
@Configuration(proxyBeanMethods = false)
public class NbdExportConfiguration {

    /** Returns the disks that {@code nbd…://} URIs name. */
    @Bean
    public StandingDisks nbdExports() {
        return new NbdExports(ClientOptions.defaults(), Reconnect.defaults());
    }
}
