package io.migratekit.source.vcenter.tracking;

import io.migratekit.source.ChangeId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment of a disk: vSphere's change id, and what tells later whether it still can be gone on from. Written as {@code
 * 52 3c … 95/4;taken=2026-11-26T23:10:05Z;bytes=5368709120;vm=vm-16;host=8.0.2-22380479}; a bare change id of vSphere is
 * one as well, but nothing can be gone on from it.
 *
 * @param changeId as vSphere wrote it, {@code uuid/sequence}
 * @param taken when the snapshot was taken, by the vCenter's clock
 * @param capacityBytes the disk's size at that moment
 * @param machine reference under which the machine was registered, as in vm-16: events are kept under it
 * @param host what the machine's host ran, where the user may see it
 */
record TrackedMoment(
        String changeId,
        Optional<Instant> taken,
        OptionalLong capacityBytes,
        Optional<String> machine,
        Optional<HostBuild> host) {
    private static final Pattern FORM = Pattern.compile("([^;]+)(?:;taken=([0-9TZ:.-]+))?(?:;bytes=([0-9]{1,18}))?"
            + "(?:;vm=([A-Za-z0-9_-]{1,80}))?(?:;host=([0-9.]{1,16}-[0-9]{1,12}))?");

    static TrackedMoment parse(ChangeId text) {
        Matcher form = FORM.matcher(text.text());
        if (!form.matches()) {
            return new TrackedMoment(
                    text.text(), Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());
        }
        return new TrackedMoment(
                form.group(1),
                Optional.ofNullable(form.group(2)).flatMap(TrackedMoment::instant),
                form.group(3) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(form.group(3))),
                Optional.ofNullable(form.group(4)),
                Optional.ofNullable(form.group(5)).flatMap(HostBuild::parse));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    ChangeId write() {
        StringBuilder text = new StringBuilder(changeId);
        taken.ifPresent(moment -> text.append(";taken=").append(moment));
        capacityBytes.ifPresent(bytes -> text.append(";bytes=").append(bytes));
        machine.ifPresent(reference -> text.append(";vm=").append(reference));
        host.ifPresent(build -> text.append(";host=").append(build.text()));
        return new ChangeId(text.toString());
    }

    /** Returns the part that two change ids must share to be comparable. */
    String lineage() {
        return new ChangeId(changeId).lineage();
    }

    /** Returns how many snapshots the tracking has seen, if the change id has that form. */
    OptionalLong sequence() {
        String digits = changeId.substring(changeId.lastIndexOf('/') + 1);
        return digits.matches("[0-9]{1,18}") && digits.length() < changeId.length()
                ? OptionalLong.of(Long.parseLong(digits))
                : OptionalLong.empty();
    }
}
