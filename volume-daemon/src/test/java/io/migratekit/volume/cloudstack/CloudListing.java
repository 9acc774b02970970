package io.migratekit.volume.cloudstack;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The list commands of {@link CloudServer}: filters and pages. */
final class CloudListing {
    private static final int PAGE_ROWS_MAX = 500;
    private static final JsonMapper JSON = JsonMapper.shared();

    private CloudListing() {}

    static CloudOutcome of(CloudForm form, String element, Collection<CloudRow> all, String... filters) {
        List<CloudRow> rows =
                all.stream().filter(row -> shown(row, form, filters)).collect(Collectors.toList());
        if (rows.isEmpty() && form.optional("id").isPresent()) {
            throw CloudError.unknown("id", form.required("id"));
        }
        int pageRows = Integer.parseInt(form.optional("pagesize").orElse("500"));
        if (pageRows > PAGE_ROWS_MAX) {
            throw new CloudError(431, "Page size can't exceed max allowed page size value: " + PAGE_ROWS_MAX);
        }
        int first = (Integer.parseInt(form.optional("page").orElse("1")) - 1) * pageRows;
        ObjectNode content = JSON.createObjectNode();
        if (!rows.isEmpty()) {
            content.put("count", rows.size());
            ArrayNode array = content.putArray(element);
            rows.stream().skip(first).limit(pageRows).forEach(row -> array.add(row.json()));
        }
        return CloudOutcome.done(content);
    }

    private static boolean shown(CloudRow row, CloudForm form, String... filters) {
        boolean fits = form.matches("id", row.text("id"));
        for (String filter : filters) {
            fits &= form.matches(filter, row.text(filter));
        }
        String keyword = form.optional("keyword").orElse("");
        fits &= row.text("name").contains(keyword) || row.text("displayname").contains(keyword);
        List<String> keys = form.indexed("tags", "key");
        List<String> values = form.indexed("tags", "value");
        for (int i = 0; i < keys.size(); i++) {
            fits &= values.get(i).equals(row.tags.get(keys.get(i)));
        }
        return fits;
    }
}
