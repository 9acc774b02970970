package io.migratekit.shell.command;

import java.util.List;

/** Names that exist, for completion. Never throws: an empty list where they cannot be had. */
public interface NameSource {

    /** Returns the names of all VMs. */
    List<String> vmNames();

    /** Returns the ids of the latest jobs, the newest first. */
    List<String> jobIds();

    /** Returns the names of volumes; asks the database alone, so that TAB starts no volume daemon. */
    List<String> volumeNames();

    /** Returns the names of OSSEA configurations. */
    List<String> osseaNames();

    /** Returns the names of vCenters. */
    List<String> vcenterNames();
}
