package io.migratekit.volume.compute;

import java.util.List;

/** What a cloud offers to this account. Asked anew by each call; sorted by name. */
public interface Catalog {

    /** A part of the cloud that shares storage and networks. */
    record Zone(ResourceId id, String name) {}

    /**
     * A network.
     *
     * @param type Isolated, Shared or L2
     */
    record Network(ResourceId id, String name, String type, ResourceId zone) {}

    /**
     * A kind of machine.
     *
     * @param custom whether its size is left open
     * @param cpus 0 if left open
     * @param memoryMib 0 if left open
     */
    record ServiceOffering(ResourceId id, String name, boolean custom, int cpus, int memoryMib) {}

    /**
     * A kind of disk.
     *
     * @param custom whether its size is left open, as volumes for replications need it
     * @param sizeGib 0 if left open
     */
    record DiskOffering(ResourceId id, String name, boolean custom, long sizeGib) {}

    /**
     * What a root disk can be made of.
     *
     * @param ready whether it can be used now
     * @param sizeBytes of the root disk that it makes; 0 if the cloud does not tell
     */
    record Template(ResourceId id, String name, String system, boolean ready, long sizeBytes) {}

    /** Returns the zones. */
    List<Zone> zones();

    /** Returns the networks of a zone. */
    List<Network> networks(ResourceId zone);

    /** Returns the kinds of machines. */
    List<ServiceOffering> serviceOfferings();

    /** Returns the kinds of disks. */
    List<DiskOffering> diskOfferings();

    /** Returns the templates that this account can run in a zone. */
    List<Template> templates(ResourceId zone);
}
