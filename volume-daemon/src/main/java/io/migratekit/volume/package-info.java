/**
 * The only hand on volumes. For now it exports image files by NBD from within this process: one at a time on a private
 * unix socket ({@link io.migratekit.volume.ImageExports}), or several by name on one listener ({@link
 * io.migratekit.volume.ExportListener}). Knows nothing of sources, jobs or the console.
 */
@NullMarked
package io.migratekit.volume;

import org.jspecify.annotations.NullMarked;
