package io.migratekit.source.image;

import io.migratekit.source.standing.StandingDisks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives disks that are raw image files. */
@Configuration(proxyBeanMethods = false)
public class ImageConfiguration {

    /** Returns the disks that file names stand for. */
    @Bean
    public StandingDisks imageFiles() {
        return new ImageFiles();
    }
}
