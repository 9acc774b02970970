/**
 * The verification job: compares a moment of the source with the targets. Reads only. Start at
 * {@link io.migratekit.job.verification.VerificationEngine}.
 */
@NullMarked
package io.migratekit.job.verification;

import org.jspecify.annotations.NullMarked;
