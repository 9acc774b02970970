package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventReachTest {
    private static final Instant NOW = Instant.parse("2026-11-26T23:10:05Z");

    @Test
    void endsWhereTheVCenterSays() {
        EventReach week = EventReach.of(Optional.of(true), Optional.of(7L));

        assertThat(week.doubt(NOW.minus(Duration.ofDays(6)), NOW)).isEmpty();
        assertThat(week.doubt(NOW.minus(Duration.ofDays(8)), NOW))
                .get()
                .asString()
                .contains("for 7 days only");
        assertThat(EventReach.of(Optional.of(false), Optional.of(7)).doubt(Instant.EPOCH, NOW))
                .isEmpty();
    }

    @Test
    void isShortWhereTheVCenterDoesNotSay() {
        for (EventReach unknown : new EventReach[] {
            EventReach.of(Optional.empty(), Optional.empty()), EventReach.of(Optional.of(true), Optional.empty())
        }) {
            assertThat(unknown.doubt(NOW.minus(Duration.ofHours(25)), NOW)).isEmpty();
            assertThat(unknown.doubt(NOW.minus(Duration.ofDays(2)), NOW))
                    .get()
                    .asString()
                    .contains("does not tell for how long");
        }
    }
}
