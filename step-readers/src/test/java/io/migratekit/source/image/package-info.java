/** Tests of image files as sources. */
@NullMarked
package io.migratekit.source.image;

import org.jspecify.annotations.NullMarked;
