package io.migratekit.source;

import io.migratekit.source.image.ImageConfiguration;
import io.migratekit.source.lab.LabConfiguration;
import io.migratekit.source.nbdexport.NbdExportConfiguration;
import io.migratekit.source.standing.StandingConfiguration;
import io.migratekit.source.vcenter.VCenterConfiguration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the adapters together behind the one entry for jobs. */
@Configuration(proxyBeanMethods = false)
@Import({
    NbdExportConfiguration.class,
    ImageConfiguration.class,
    StandingConfiguration.class,
    LabConfiguration.class,
    VCenterConfiguration.class
})
public class SourceConfiguration {

    /** Returns the entry over all adapters that there are. */
    @Bean
    public SourceMachines sourceMachines(List<SourceAdapter> adapters) {
        return new RoutedMachines(adapters);
    }
}
