package io.migratekit.source.lab;

import io.migratekit.source.SourceAdapter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the machines of labs. */
@Configuration(proxyBeanMethods = false)
public class LabConfiguration {

    /** Returns the adapter for {@code lab:} references. */
    @Bean
    public SourceAdapter labAdapter() {
        return new LabAdapter();
    }
}
