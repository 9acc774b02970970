package io.migratekit.source.vcenter.lab;

import java.time.Duration;

/**
 * One thing that goes wrong in a lab vCenter: the calls of a method, or the tasks of a name, counted from now on.
 * Without a fault, what is scripted succeeds in the end.
 */
public final class LabScript {
    private final String path;
    private final LabForm form = new LabForm();

    private LabScript(String path, String name) {
        this.path = path;
        form.add("name", name);
    }

    /** The next call of a method, such as {@code QueryChangedDiskAreas} or {@code Login}. */
    public static LabScript call(String method) {
        return new LabScript("/script/call", method);
    }

    /** The next task of a name, such as {@code CreateSnapshot}, {@code RemoveSnapshot} or {@code ReconfigVm}. */
    public static LabScript task(String name) {
        return new LabScript("/script/task", name);
    }

    /** Not the next, but the one after so many others. */
    public LabScript after(int others) {
        return with("nth", Integer.toString(others + 1));
    }

    /** Not one, but so many: in a row, unless {@link #every} says otherwise. */
    public LabScript times(int times) {
        return with("times", Integer.toString(times));
    }

    /** With {@link #times}: each so-manyth, so that a repetition of what failed can succeed. */
    public LabScript every(int calls) {
        return with("every", Integer.toString(calls));
    }

    /** Only those of one managed object, such as {@code vm-12}. */
    public LabScript of(String object) {
        return with("object", object);
    }

    /** Fails with a fault of the API, such as {@code NotAuthenticated}. */
    public LabScript fault(String type) {
        return with("fault", type);
    }

    /** The fault's fields as JSON, by their names with a capital: {@code {"File": "x"}}. */
    public LabScript details(String json) {
        return with("details", json);
    }

    /** What the fault says. */
    public LabScript message(String message) {
        return with("message", message);
    }

    /** Takes that much longer. */
    public LabScript delay(Duration delay) {
        return with("delay", Long.toString(delay.toMillis()));
    }

    /** All sessions end just before the call. */
    public LabScript expiringSessions() {
        return with("expire", "true");
    }

    /** The vCenter goes down at the call, which gets no answer, and comes back after a while. */
    public LabScript restarting(Duration down) {
        return with("restart", Long.toString(down.toMillis()));
    }

    /** The task stands still until it is released. */
    public LabScript frozen() {
        return with("freeze", "true");
    }

    private LabScript with(String name, String value) {
        form.add(name, value);
        return this;
    }

    String path() {
        return path;
    }

    LabForm form() {
        return form;
    }
}
