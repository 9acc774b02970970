package io.migratekit.source.standing;

import io.migratekit.source.SourceAdapter;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes machines of all kinds of disks that are copied as they stand. */
@Configuration(proxyBeanMethods = false)
public class StandingConfiguration {

    /** Returns the adapter over {@code kinds}. */
    @Bean
    public SourceAdapter standingAdapter(List<StandingDisks> kinds) {
        return new StandingAdapter(kinds);
    }
}
