package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.DiskChangeExtent;
import com.vmware.vim25.DiskChangeInfo;
import com.vmware.vim25.FileFault;
import com.vmware.vim25.InvalidArgument;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotFound;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.soap.VimFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Questions for the changed areas of one disk (vSphere Web Services API, QueryChangedDiskAreas). The answers are handed
 * on as they came: that they tile the disk is for the caller to prove.
 */
final class DiskAreas implements ChangeQuery {
    private final VCenterSession session;
    private final ManagedObjectReference machine;
    private final ManagedObjectReference snapshot;
    private final int disk;
    private final String since;
    private final String what;
    private @Nullable Page first;

    /**
     * Makes questions.
     *
     * @param since a change id, or {@code *} for what is allocated
     */
    DiskAreas(
            VCenterSession session,
            ManagedObjectReference machine,
            ManagedObjectReference snapshot,
            int disk,
            String since) {
        this.session = session;
        this.machine = machine;
        this.snapshot = snapshot;
        this.disk = disk;
        this.since = since;
        this.what = since.equals("*")
                ? "tell what is allocated on disk %d of %s".formatted(disk, machine.getVal())
                : "tell what changed on disk %d of %s since %s".formatted(disk, machine.getVal(), since);
    }

    /**
     * Asks for the first page now, to learn whether there are answers at all; it is handed out when it is asked for.
     *
     * @throws SourceException.ChangesUnknown if there are none
     */
    DiskAreas begun() throws SourceException {
        first = ask(0);
        return this;
    }

    @Override
    public Page page(long startBytes) throws SourceException {
        Page known = first;
        first = null;
        return startBytes == 0 && known != null ? known : ask(startBytes);
    }

    private Page ask(long startBytes) throws SourceException {
        DiskChangeInfo info;
        try {
            info = session.attempt(
                    what, vim -> vim.api().queryChangedDiskAreas(machine, snapshot, disk, startBytes, since));
        } catch (VimFault e) {
            throw refused(e);
        }
        if (info == null) {
            throw new SourceException.Untrustworthy(
                    "vCenter %s was to %s and answered nothing".formatted(session.where(), what));
        }
        List<Extent> areas = new ArrayList<>();
        for (DiskChangeExtent area : info.getChangedArea() == null ? new DiskChangeExtent[0] : info.getChangedArea()) {
            areas.add(extent(area));
        }
        return new Page(info.getStartOffset(), info.getLength(), areas);
    }

    private Extent extent(DiskChangeExtent area) throws SourceException {
        try {
            return new Extent(area.getStart(), area.getLength(), Extent.Kind.DATA);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new SourceException.Untrustworthy(
                    "vCenter %s was to %s and named %d bytes at offset %d, which is no area of a disk"
                            .formatted(session.where(), what, area.getLength(), area.getStart()));
        }
    }

    /** Faults that are about the change id or its file are an answer: it is not known. Others may pass. */
    private SourceException refused(VimFault fault) {
        if (fault.is(FileFault.class) || fault.is(NotFound.class) || aboutChangeId(fault)) {
            return new SourceException.ChangesUnknown(
                    "what changed on disk %d of %s since %s is not known: vCenter %s says %s"
                            .formatted(disk, machine.getVal(), since, session.where(), fault.getMessage()),
                    fault);
        }
        return session.explained(what, fault);
    }

    private static boolean aboutChangeId(VimFault fault) {
        return fault.content(InvalidArgument.class)
                .filter(argument -> {
                    String property = argument.getInvalidProperty();
                    return property == null || property.toLowerCase(Locale.ROOT).contains("changeid");
                })
                .isPresent();
    }

    @Override
    public void close() {
        // the session is the machine's
    }
}
