package io.migratekit.source.vcenter.session;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ServiceContent;
import com.vmware.vim25.ws.VimStub;

/**
 * What calls are made on: the API of one vCenter, logged in to.
 *
 * @param api its methods
 * @param content its managers
 */
public record Vim(VimStub api, ServiceContent content) {

    /** Returns a reference, as in VirtualMachine and vm-16. */
    public static ManagedObjectReference reference(String type, String value) {
        ManagedObjectReference reference = new ManagedObjectReference();
        reference.setType(type);
        reference.setVal(value);
        return reference;
    }
}
