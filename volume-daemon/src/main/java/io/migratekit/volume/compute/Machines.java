package io.migratekit.volume.compute;

import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import java.time.Duration;
import java.util.Optional;

/**
 * The machines of a cloud. Every call that changes something can be repeated after a crash at any point of it, with the
 * same memory, and then completes what it began. Calls block until the change has happened, and throw {@link
 * io.migratekit.volume.VolumeException}: kind UNAVAILABLE where repeating later may help, any other kind where it does
 * not. Safe for many threads; the caller sees to it that two calls never work on one machine.
 */
public interface Machines {

    /**
     * Makes a machine and leaves it stopped, with a root disk from its template, which {@link #discardRootDisk} removes.
     *
     * @param mark finds it again, whatever happened to the reply
     */
    Machine create(Mark mark, MachineSpec spec, StepMemory memory);

    /** Returns the machine that a creation with this mark made, if it did. */
    Optional<Machine> created(Mark mark);

    /** Returns a machine; empty if there is none, or none any more. */
    Optional<Machine> find(MachineId id);

    /** Starts a machine; nothing happens if it runs. */
    void start(MachineId id, StepMemory memory);

    /**
     * Stops a machine: asks its system to end, and if that has not happened in time, switches it off. Nothing happens if
     * it is stopped.
     *
     * @param grace how long its system has; zero switches it off at once
     */
    void stop(MachineId id, Duration grace, StepMemory memory);

    /**
     * Detaches and deletes the root disk that a stopped machine got from its template, so that a volume can be attached
     * in its place. Nothing happens if it has none any more.
     *
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if we did not make the machine, or it is not stopped;
     *     a root disk that is one of our volumes is left alone
     */
    void discardRootDisk(MachineId id, StepMemory memory);

    /**
     * Removes a machine for ever. Nothing happens if it is gone.
     *
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if we did not make it, or one of our volumes is
     *     attached to it and might go with it
     */
    void destroy(MachineId id, StepMemory memory);
}
