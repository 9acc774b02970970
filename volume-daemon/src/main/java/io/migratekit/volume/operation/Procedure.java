package io.migratekit.volume.operation;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** How one request is carried out. */
interface Procedure {

    /**
     * Returns what it needs for itself: operations that share one of these run one after another. Texts such as {@code
     * volume:<id>}, the same whenever they are asked for.
     */
    Set<String> alone();

    /**
     * Looks in its turn, before {@link #check}, what it works on. Until the first step has begun it may be called again.
     *
     * @param widening takes what it needs for itself beyond {@link #alone()}; returns when nobody else has it
     */
    default void settle(Consumer<Set<String>> widening) {}

    /** Writes into the journal what {@link #settle} found, in the transaction that ends the waiting. */
    default void recordSettled() {}

    /**
     * Checks that it makes sense as things are.
     *
     * @throws io.migratekit.volume.VolumeException if it does not
     */
    void check();

    /** Returns its steps, the same ones in the same order whenever it is asked. */
    List<Step> steps();
}
