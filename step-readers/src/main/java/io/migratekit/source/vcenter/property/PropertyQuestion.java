package io.migratekit.source.vcenter.property;

import com.vmware.vim25.DynamicProperty;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MissingProperty;
import com.vmware.vim25.NotAuthenticated;
import com.vmware.vim25.ObjectContent;
import com.vmware.vim25.ObjectSpec;
import com.vmware.vim25.PropertyFilterSpec;
import com.vmware.vim25.PropertySpec;
import com.vmware.vim25.RetrieveOptions;
import com.vmware.vim25.RetrieveResult;
import com.vmware.vim25.SelectionSpec;
import com.vmware.vim25.TraversalSpec;
import io.migratekit.source.vcenter.session.Vim;
import io.migratekit.source.vcenter.soap.VimFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A question for properties. The answer comes in parts of bounded size, however many objects there are. */
public final class PropertyQuestion {
    /** About 10 MiB of an answer, as machines go. */
    private static final int OBJECTS_MAX = 500;

    private final Map<String, List<String>> paths = new LinkedHashMap<>();

    /** Asks objects of a type for properties. */
    public PropertyQuestion of(String type, String... names) {
        paths.put(type, List.of(names));
        return this;
    }

    /** Asks one object. */
    public PropertyRow ask(Vim vim, ManagedObjectReference object) throws IOException {
        ObjectSpec subject = new ObjectSpec();
        subject.setObj(object);
        List<PropertyRow> rows = retrieve(vim, subject);
        return rows.isEmpty() ? new PropertyRow(object, Map.of()) : rows.get(0);
    }

    /** Asks all objects of the types that there are below a folder. */
    public List<PropertyRow> askAllBelow(Vim vim, ManagedObjectReference folder) throws IOException {
        ManagedObjectReference view = vim.api()
                .createContainerView(
                        vim.content().getViewManager(), folder, paths.keySet().toArray(String[]::new), true);
        TraversalSpec contained = new TraversalSpec();
        contained.setName("contained");
        contained.setType("ContainerView");
        contained.setPath("view");
        contained.setSkip(false);
        ObjectSpec subject = new ObjectSpec();
        subject.setObj(view);
        subject.setSkip(true);
        subject.setSelectSet(new SelectionSpec[] {contained});
        List<PropertyRow> rows = retrieve(vim, subject);
        vim.api().destroyView(view); // after a failure it ends with the session
        return rows;
    }

    private List<PropertyRow> retrieve(Vim vim, ObjectSpec subject) throws IOException {
        ManagedObjectReference collector = vim.content().getPropertyCollector();
        PropertyFilterSpec filter = new PropertyFilterSpec();
        filter.setObjectSet(new ObjectSpec[] {subject});
        filter.setPropSet(properties());
        RetrieveOptions options = new RetrieveOptions();
        options.setMaxObjects(OBJECTS_MAX);
        List<PropertyRow> rows = new ArrayList<>();
        RetrieveResult part = vim.api().retrievePropertiesEx(collector, new PropertyFilterSpec[] {filter}, options);
        while (part != null) {
            for (ObjectContent content : part.getObjects() == null ? new ObjectContent[0] : part.getObjects()) {
                rows.add(row(content));
            }
            String token = part.getToken();
            part = token == null ? null : vim.api().continueRetrievePropertiesEx(collector, token);
        }
        return rows;
    }

    private PropertySpec[] properties() {
        List<PropertySpec> all = new ArrayList<>();
        paths.forEach((type, names) -> {
            PropertySpec spec = new PropertySpec();
            spec.setType(type);
            spec.setAll(false);
            spec.setPathSet(names.toArray(String[]::new));
            all.add(spec);
        });
        return all.toArray(PropertySpec[]::new);
    }

    private static PropertyRow row(ObjectContent content) throws VimFault {
        Map<String, Object> values = new HashMap<>();
        for (DynamicProperty property : content.getPropSet() == null ? new DynamicProperty[0] : content.getPropSet()) {
            if (property.getVal() != null) {
                values.put(property.getName(), property.getVal());
            }
        }
        for (MissingProperty missing :
                content.getMissingSet() == null ? new MissingProperty[0] : content.getMissingSet()) {
            VimFault fault = VimFault.of(missing.getFault());
            if (fault.is(NotAuthenticated.class)) {
                throw fault; // a session that ends in the middle is told here
            }
        }
        return new PropertyRow(content.getObj(), values);
    }
}
