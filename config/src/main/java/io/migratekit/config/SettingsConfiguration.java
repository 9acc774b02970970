package io.migratekit.config;

import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Binds the settings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MigrateKitSettings.class)
public class SettingsConfiguration {

    @Bean
    @ConfigurationPropertiesBinding
    static OptionalPathConverter optionalPathConverter() {
        return new OptionalPathConverter();
    }
}
