package io.migratekit.source.vcenter.lab;

import java.util.List;

/**
 * What a lab vCenter starts with.
 *
 * @param datacenters how many, at least 1; named DC0, DC1 …, each with a datastore folder, a distributed switch with one
 *     port group, and one opaque network
 * @param hosts how many in each datacenter, at least 1; named DC0_H0 …
 * @param machines how many on each host, powered on, with one disk of 1 MiB; named DC0_H0_VM0 …
 * @param user who may log in
 * @param password the user's; of one line
 */
public record LabInventory(int datacenters, int hosts, int machines, String user, String password) {
    public LabInventory {
        if (datacenters < 1 || hosts < 1 || machines < 0) {
            throw new IllegalArgumentException("%d datacenters of %d hosts of %d machines; 1, 1 and 0 at least"
                    .formatted(datacenters, hosts, machines));
        }
        if (password.contains("\n") || password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty or has several lines; one line is needed");
        }
    }

    /** One datacenter with one host and no machine. */
    public static LabInventory empty() {
        return machines(0);
    }

    /** One datacenter with one host and so many machines. */
    public static LabInventory machines(int machines) {
        return new LabInventory(1, 1, machines, "administrator@vsphere.local", "it's & 100% $ecret");
    }

    List<String> arguments() {
        return List.of("-datacenters=" + datacenters, "-hosts=" + hosts, "-machines=" + machines, "-user=" + user);
    }

    @Override
    public String toString() {
        return "%d datacenters of %d hosts of %d machines".formatted(datacenters, hosts, machines);
    }
}
