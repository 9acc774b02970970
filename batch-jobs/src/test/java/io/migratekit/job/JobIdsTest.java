package io.migratekit.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JobIdsTest {

    @Test
    void readsAsTheOriginalsIdsDo() {
        Clock clock = Clock.fixed(Instant.parse("2026-11-23T05:06:07.089Z"), ZoneOffset.UTC);

        assertThat(new JobIds(clock, new SplittableRandom(1)).next()).matches("job-20261123-050607\\.089-[0-9a-f]{6}");
    }

    @Test
    void twoOfOneMomentDiffer() {
        JobIds ids = new JobIds(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), new SplittableRandom(2));
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            made.add(ids.next());
        }

        assertThat(made).hasSize(100);
    }
}
