/**
 * vSphere's SOAP dialect over HTTPS: yavijava's generated calls and data objects on a transport and an XML reader of our
 * own, so that every vCenter has its own trust and elements newer than the data objects do no harm. Knows nothing of
 * sessions, machines or snapshots. Start at {@link io.migratekit.source.vcenter.soap.SoapClient}.
 */
@NullMarked
package io.migratekit.source.vcenter.soap;

import org.jspecify.annotations.NullMarked;
