package io.migratekit.source.vcenter.session;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ServiceContent;
import com.vmware.vim25.ws.VimStub;
import io.migratekit.source.vcenter.soap.SoapClient;

/**
 * What calls are made on: the API of one vCenter, logged in to.
 *
 * @param api its methods
 * @param content its managers
 */
public record Vim(VimStub api, ServiceContent content) {

    /**
     * Returns the same in a newer version of the API, for questions whose answers are numbers, flags and texts alone.
     *
     * @param version which the vCenter has to know, as in 6.7
     */
    public Vim speaking(String version) {
        return api.getWsc() instanceof SoapClient client
                ? new Vim(new VimStub(client.speaking(version)), content)
                : this;
    }

    /** Returns a reference, as in VirtualMachine and vm-16. */
    public static ManagedObjectReference reference(String type, String value) {
        ManagedObjectReference reference = new ManagedObjectReference();
        reference.setType(type);
        reference.setVal(value);
        return reference;
    }
}
