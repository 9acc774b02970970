package io.migratekit.volume.cloudstack;

import java.time.Duration;

/** Something that goes wrong with one request to a scripted cloud. */
public sealed interface Fault {

    /** Nothing goes wrong with this one. */
    record None() implements Fault {}

    /** Refused with an error of CloudStack; nothing is done. */
    record Refused(int code, String text) implements Fault {}

    /** Refused with an error of CloudStack that repeats all that was sent; nothing is done. */
    record Echoed(int code) implements Fault {}

    /** Answered by something that is not CloudStack; nothing is done. */
    record Html(int status) implements Fault {}

    /** Answered with something else that is JSON; nothing is done. */
    record Json(int status, String body) implements Fault {}

    /** It is done, and the connection breaks before the reply. */
    record LostReply() implements Fault {}

    /** The connection breaks before anything is done. */
    record LostRequest() implements Fault {}

    /** Answered late. */
    record Slow(Duration time) implements Fault {}

    /** The job ends as failed; with {@code done} it has worked nevertheless. */
    record JobFails(int code, String text, boolean done) implements Fault {}

    /** The job says that it is done, and nothing has happened. */
    record JobLies() implements Fault {}

    /** The job never ends, and never does anything. */
    record JobHangs() implements Fault {}

    /** The job has that status for ever. */
    record JobStatus(int status) implements Fault {}

    /** The job works, and then the server does not know it any more. */
    record JobForgotten() implements Fault {}
}
