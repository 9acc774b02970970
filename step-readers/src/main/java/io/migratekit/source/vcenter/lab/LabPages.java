package io.migratekit.source.vcenter.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * How the answers to change queries of a disk look. All but {@link #coveringNothing} gives answers that a vCenter may
 * give, and that a reader has to understand.
 */
public final class LabPages {
    private final List<String> shapes = new ArrayList<>();
    private long areas = 2000;
    private long bytes;
    private long zero;

    private LabPages() {}

    /** As usual: up to 2,000 areas in a page, which ends where the next area begins. */
    public static LabPages usual() {
        return new LabPages();
    }

    /** At most so many areas in a page. */
    public LabPages areas(int areas) {
        this.areas = areas;
        return this;
    }

    /** A page covers at most so many bytes. */
    public LabPages bytes(long bytes) {
        this.bytes = bytes;
        return this;
    }

    /** What is unchanged gets a page of its own, without areas. */
    public LabPages emptyBetween() {
        return shape("gaps");
    }

    /** Areas begin 64 KiB early: they overlap, also into the page before. */
    public LabPages overlapping() {
        return shape("overlap");
    }

    /** Areas of a page come last first. */
    public LabPages outOfOrder() {
        return shape("disorder");
    }

    /** An area that ends with the disk ends 64 KiB behind it. */
    public LabPages beyondTheEnd() {
        return shape("beyond");
    }

    /** The next so many answers have a length of 0. */
    public LabPages coveringNothing(int answers) {
        this.zero = answers;
        return this;
    }

    private LabPages shape(String name) {
        shapes.add(name);
        return this;
    }

    LabForm addTo(LabForm form) {
        return form.add("areas", areas).add("bytes", bytes).add("zero", zero).add("shape", String.join(" ", shapes));
    }
}
