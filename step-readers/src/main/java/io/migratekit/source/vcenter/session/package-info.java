/**
 * Sessions at vCenters: who logs in where, which certificates are trusted, what is repeated when a session ends or a
 * vCenter restarts. Knows nothing of machines or snapshots. Start at {@link
 * io.migratekit.source.vcenter.session.VCenterSessions}.
 */
@NullMarked
package io.migratekit.source.vcenter.session;

import org.jspecify.annotations.NullMarked;
