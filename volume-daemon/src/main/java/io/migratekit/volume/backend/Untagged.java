package io.migratekit.volume.backend;

import io.migratekit.volume.VolumeId;

/**
 * A volume that some creation made and that carries no ownership tag, or not ours: the creation is under way, was given
 * up before the back end carried it out, or is another installation's.
 *
 * @param id the back end's
 * @param mark of its creation
 * @param name as the back end shows it to people, without the mark
 * @param sizeBytes what a guest sees
 */
public record Untagged(VolumeId id, Mark mark, String name, long sizeBytes) {}
