package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a listing of many pages. A listing that changes while it is read may leave out what was there all the time, and
 * then a volume would be taken for lost; such a reading is begun again. Some listings count wrongly by nature: two
 * readings that are the same are taken as they are. For one listing by one thread.
 */
final class Pages {
    /** CloudStack's default, and the most that it gives by default; an operator may have allowed fewer. */
    private static final int PAGE_ROWS = 500;

    private static final Pattern FEWER = Pattern.compile("max allowed page size value: ([1-9][0-9]{0,8})");

    private static final int READINGS_MAX = 5;

    /** 100,000 pages are 50 million rows: a server that never ends a listing is broken. */
    private static final int PAGES_MAX = 100_000;

    private final CloudStackClient client;
    private final ApiCommand command;
    private final String element;
    private int pageRows = PAGE_ROWS;

    Pages(CloudStackClient client, ApiCommand command, String element) {
        this.client = client;
        this.command = command;
        this.element = element;
    }

    /** What one reading gave, and whether the pages fit together. */
    private record Reading(List<JsonNode> rows, boolean whole) {}

    List<JsonNode> all() {
        Reading reading = read();
        for (int again = 1; again < READINGS_MAX && !reading.whole(); again++) {
            Reading before = reading;
            reading = read();
            if (reading.rows().equals(before.rows())) {
                return reading.rows();
            }
        }
        if (!reading.whole()) {
            throw new VolumeException(
                    Kind.UNAVAILABLE,
                    "%s of %s changed under each of %d readings; try again when less is going on there"
                            .formatted(command.name(), client.host(), READINGS_MAX));
        }
        return reading.rows();
    }

    private Reading read() {
        List<JsonNode> rows = new ArrayList<>();
        boolean steady = true;
        long count = -1;
        for (int page = 1; page <= PAGES_MAX; page++) {
            JsonNode content = page(page).orThrow();
            JsonNode some = content.path(element);
            long countNow = content.path("count").asLong(rows.size() + some.size());
            steady &= page == 1 || countNow == count;
            count = countNow;
            some.forEach(rows::add);
            if (rows.size() >= count || some.isEmpty()) {
                return new Reading(rows, steady && rows.size() == count && distinct(rows));
            }
        }
        throw new VolumeException(
                Kind.FAILED, "%s of %s has no end; is that CloudStack?".formatted(command.name(), client.host()));
    }

    private ApiReply page(int page) {
        ApiReply reply = client.ask(command.with("page", page).with("pagesize", pageRows));
        if (page == 1 && reply instanceof ApiReply.Refusal refusal) {
            Matcher fewer = FEWER.matcher(refusal.failure().text());
            if (fewer.find() && Integer.parseInt(fewer.group(1)) < pageRows) {
                pageRows = Integer.parseInt(fewer.group(1));
                return page(page);
            }
        }
        return reply;
    }

    private static boolean distinct(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("id").asString("")).allMatch(new HashSet<>()::add);
    }
}
