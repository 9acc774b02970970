/**
 * The daemon's operations over HTTP: one interface that both the server ({@link
 * io.migratekit.volume.http.VolumesServer}) and the client ({@link io.migratekit.volume.http.HttpVolumes}) are made of,
 * and failures that come out as they went in. Knows nothing of back ends, of the database, or of who starts a daemon.
 */
@NullMarked
package io.migratekit.volume.http;

import org.jspecify.annotations.NullMarked;
