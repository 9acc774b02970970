package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host runs. Written as {@code 6.0.0-2494585}.
 *
 * @param version of ESXi, as in 6.0.0
 * @param build its number
 */
record HostBuild(String version, long build) {
    private static final Pattern FORM = Pattern.compile("([0-9][0-9.]{0,15})-([0-9]{1,12})");

    /** Returns that of the host where a machine is now; empty if the user may not see it. */
    static Optional<HostBuild> of(VCenterSession session, ManagedObjectReference machine) throws SourceException {
        return session.ask("tell the host of " + machine.getVal(), vim -> ask(vim, machine));
    }

    private static Optional<HostBuild> ask(Vim vim, ManagedObjectReference machine) throws IOException {
        Optional<ManagedObjectReference> host = new PropertyQuestion()
                .of("VirtualMachine", "runtime.host")
                .ask(vim, machine)
                .get("runtime.host", ManagedObjectReference.class);
        if (host.isEmpty()) {
            return Optional.empty();
        }
        PropertyRow product = new PropertyQuestion()
                .of("HostSystem", "config.product.version", "config.product.build")
                .ask(vim, host.get());
        return parse(product.text("config.product.version").orElse("") + "-"
                + product.text("config.product.build").orElse(""));
    }

    static Optional<HostBuild> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new HostBuild(form.group(1), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    String text() {
        return version + "-" + build;
    }
}
