package io.migratekit.source.vcenter.soap;

import com.vmware.vim25.LocalizedMethodFault;
import com.vmware.vim25.MethodFault;
import java.rmi.RemoteException;
import java.util.Optional;

/** What vSphere answers instead of a result: the fault's type as far as the data objects know it, and its words. */
public final class VimFault extends RemoteException {
    private final String type;
    private final Class<?> known;
    private final Optional<MethodFault> content;

    /**
     * Makes a fault.
     *
     * @param type its name in the API, as in InvalidLogin; may be newer than the data objects
     * @param words what vSphere says, possibly empty
     */
    VimFault(String type, String words, Optional<MethodFault> content) {
        super(words.isBlank() ? type : type + ": " + words);
        this.type = type;
        this.known = content.<Class<?>>map(Object::getClass).orElse(MethodFault.class);
        this.content = content;
    }

    /** Returns the fault that a task ended with, or that stands for a property that could not be read. */
    public static VimFault of(LocalizedMethodFault localized) {
        MethodFault fault = localized.getFault();
        String words = localized.getLocalizedMessage();
        return new VimFault(
                fault == null ? "MethodFault" : fault.getClass().getSimpleName(),
                words == null ? "" : words,
                Optional.ofNullable(fault));
    }

    /** Tells whether it is of a type or of one that is derived from it. */
    public boolean is(Class<? extends MethodFault> fault) {
        return fault.isAssignableFrom(known);
    }

    /** Returns its name in the API. */
    public String type() {
        return type;
    }

    /** Returns its content, if that is of a type. */
    public <F extends MethodFault> Optional<F> content(Class<F> fault) {
        return content.filter(fault::isInstance).map(fault::cast);
    }
}
