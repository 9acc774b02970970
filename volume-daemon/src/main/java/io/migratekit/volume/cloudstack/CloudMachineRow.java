package io.migratekit.volume.cloudstack;

import io.migratekit.volume.compute.Machine;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads a machine as {@code listVirtualMachines} shows it. */
final class CloudMachineRow {
    private CloudMachineRow() {}

    static Machine read(JsonNode row, Ownership ownership) {
        return new Machine(
                new MachineId(row.path("id").asString("")),
                row.path("name").asString(""),
                row.path("displayname").asString(""),
                state(row.path("state").asString("")),
                ownership.of(row),
                row.path("cpunumber").asInt(0),
                row.path("memory").asInt(0),
                nics(row.path("nic")));
    }

    private static Machine.State state(String word) {
        return switch (word) {
            case "Running" -> Machine.State.RUNNING;
            case "Stopped" -> Machine.State.STOPPED;
            case "Starting", "Stopping", "Migrating", "Restoring" -> Machine.State.CHANGING;
            case "Destroyed", "Expunging" -> Machine.State.GONE;
            default -> Machine.State.ERROR;
        };
    }

    private static List<Machine.Nic> nics(JsonNode rows) {
        List<Machine.Nic> nics = new ArrayList<>();
        for (JsonNode row : rows) {
            nics.add(new Machine.Nic(
                    new ResourceId(row.path("networkid").asString("")),
                    row.path("networkname").asString(""),
                    row.path("macaddress").asString(""),
                    Optional.of(row.path("ipaddress").asString("")).filter(ip -> !ip.isEmpty()),
                    row.path("isdefault").asBoolean(false)));
        }
        return nics;
    }
}
