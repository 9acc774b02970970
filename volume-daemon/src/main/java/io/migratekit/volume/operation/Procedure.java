package io.migratekit.volume.operation;

import java.util.List;
import java.util.Set;

/** How one request is carried out. */
interface Procedure {

    /**
     * Returns what it needs for itself: operations that share one of these run one after another. Texts such as {@code
     * volume:<id>}, the same whenever they are asked for.
     */
    Set<String> alone();

    /**
     * Checks that it makes sense as things are.
     *
     * @throws io.migratekit.volume.VolumeException if it does not
     */
    void check();

    /** Returns its steps, the same ones in the same order whenever it is asked. */
    List<Step> steps();
}
