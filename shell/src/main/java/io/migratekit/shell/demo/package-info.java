/**
 * The demonstration: a laboratory with a VM, replicated by this very program in processes of their own, one of which is
 * killed. Knows the commands as a person types them, and nothing of what is behind them. Start at
 * {@link io.migratekit.shell.demo.Demo}.
 */
@NullMarked
package io.migratekit.shell.demo;

import org.jspecify.annotations.NullMarked;
