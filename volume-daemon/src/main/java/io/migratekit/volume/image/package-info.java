/**
 * Exports image files by NBD from within this process: one at a time on a private unix socket ({@link
 * io.migratekit.volume.image.ImageExports}), or several by name on one listener ({@link
 * io.migratekit.volume.image.ExportListener}). Knows nothing of volumes, sources, jobs or the console.
 */
@NullMarked
package io.migratekit.volume.image;

import org.jspecify.annotations.NullMarked;
