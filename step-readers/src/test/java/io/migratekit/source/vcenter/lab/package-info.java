/** Tests of the lab vCenter, and the fixture by which other tests get one: {@link LabFixture}. */
@NullMarked
package io.migratekit.source.vcenter.lab;

import org.jspecify.annotations.NullMarked;
