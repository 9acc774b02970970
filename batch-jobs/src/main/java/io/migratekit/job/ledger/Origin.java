package io.migratekit.job.ledger;

/**
 * Where a machine was in a vCenter when it was added, for people to read: it may be renamed and moved later. Its identity
 * is in the references of its disks.
 *
 * @param vcenterHost address of the vCenter, as its account has it
 * @param instanceUuid of the machine
 * @param path of the machine in the vCenter's inventory
 * @param datacenter that it is in; may be empty
 * @param credential name of the account by which it was found, the first one that it is read by; may be empty
 */
public record Origin(String vcenterHost, String instanceUuid, String path, String datacenter, String credential) {
    private static final int PATH_CHARACTERS_MAX = 500; // the column's width

    public Origin {
        if (path.length() > PATH_CHARACTERS_MAX) {
            path = "…" + path.substring(path.length() - PATH_CHARACTERS_MAX + 1); // the end says most
        }
    }
}
