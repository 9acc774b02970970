package io.migratekit.source.vcenter.session;

import com.vmware.vim25.MethodFault;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.soap.SoapTrouble;
import io.migratekit.source.vcenter.soap.VimFault;
import java.time.Duration;

/** How long one call has been waiting for a vCenter that is away, and whether it goes on waiting. */
final class Outage {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Duration longest;
    private Duration pause;
    private long sinceNanos;
    private boolean away;

    Outage(VCenterLimits limits) {
        this(limits, limits.outageMax());
    }

    /** Makes one that waits no longer than both allow. */
    Outage(VCenterLimits limits, Duration longest) {
        this.longest = longest.compareTo(limits.outageMax()) < 0 ? longest : limits.outageMax();
        this.pause = limits.firstPause();
    }

    /**
     * Waits before a repetition, or tells that there is none.
     *
     * @param repeatable whether the call may be made again although it may have been carried out
     */
    boolean repeat(SoapTrouble trouble, boolean repeatable) throws SourceException {
        return switch (trouble.kind()) {
            case UNREACHABLE, NOT_READY -> waited(trouble);
            case LOST, GARBLED -> repeatable && waited(trouble);
            case UNTRUSTED -> false;
        };
    }

    /** Does the same for a fault at a log-in: those of a vCenter that is starting are of all kinds. */
    boolean repeat(VimFault fault) throws SourceException {
        return fault.is(MethodFault.class) && waited(fault);
    }

    private boolean waited(Exception reason) throws SourceException {
        long nowNanos = System.nanoTime();
        if (!away) {
            away = true;
            sinceNanos = nowNanos;
        }
        if (Thread.currentThread().isInterrupted() || nowNanos - sinceNanos + pause.toNanos() > longest.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable("interrupted while waiting for a vCenter", reason);
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        return true;
    }

    /** Returns how long it was waited for, as the end of a message. */
    String story() {
        return away && !longest.isZero()
                ? ". It was waited for during %s; try again when it serves".formatted(longest)
                : "";
    }
}
