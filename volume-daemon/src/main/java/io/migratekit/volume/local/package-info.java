/**
 * Keeps volumes as image files in a folder of this machine, the pool: qcow2 through qemu-img, or sparse raw files. Knows
 * nothing of the ledger, exports, clouds or HTTP. Start at {@link io.migratekit.volume.local.LocalBackend}.
 *
 * <p>The pool:
 *
 * <pre>
 * .lock                        held by the one process that uses the pool; says which
 * &lt;uuid&gt;/                      a volume
 *   volume.json                all there is to know of it ({@link io.migratekit.volume.local.StoredVolume})
 *   image-&lt;12 hex&gt;.qcow2|raw   a tree of images; one is written, the others are frozen
 *   disk                       a link to the image that is written
 * .new-&lt;uuid&gt;/                 a creation that has not ended
 * .gone-&lt;uuid&gt;/                a deletion that has not ended
 * </pre>
 *
 * <p>A change makes what it needs under names that nothing refers to, replaces {@code volume.json} as a whole, and only
 * then removes what nothing refers to any more. So a crash leaves the state before or after the change and at most files
 * without a meaning, which the next call on that volume removes.
 */
@NullMarked
package io.migratekit.volume.local;

import org.jspecify.annotations.NullMarked;
