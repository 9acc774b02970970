package io.migratekit.shell.vma;

import io.migratekit.shell.vma.SourceSite.Enabled;
import io.migratekit.shell.vma.SourceSite.Powered;
import io.migratekit.shell.vma.SourceSite.Search;
import io.migratekit.shell.vma.SourceSite.SwitchedOff;
import io.migratekit.shell.vma.SourceSite.SwitchedOn;
import io.migratekit.shell.vma.SourceSite.Wanted;
import io.migratekit.volume.web.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers about VMs. {@code vmPath} is one segment of the address, encoded as any other: a slash of a path is {@code %2F},
 * and the {@code %2f} that vSphere writes for a slash within a name is {@code %252f}.
 */
@RestController
final class VmController {
    private static final String VM = VmaServer.ROOT + "/vms/{vmPath}/";
    private static final Set<String> SEARCH_FIELDS = Set.of("vcenter", "username", "datacenter", "filter");
    private static final Set<String> CHANGE_FIELDS = Set.of("vcenter");
    private static final Set<String> POWER_OFF_FIELDS = Set.of("vcenter", "timeout_seconds");

    private final SourceSite site;
    private final Duration patience;
    private final Duration patienceMax;

    /**
     * Makes one.
     *
     * @param patience how long a guest may take to shut down, where a request does not say
     * @param patienceMax how long a request may say
     */
    VmController(SourceSite site, Duration patience, Duration patienceMax) {
        this.site = site;
        this.patience = patience;
        this.patienceMax = patienceMax;
    }

    @PostMapping(VmaServer.ROOT + "/discover")
    Map<String, @Nullable Object> discover(@RequestBody(required = false) @Nullable Map<String, Object> body)
            throws IOException {
        Fields fields = Fields.of(body, SEARCH_FIELDS);
        return VmViews.discovery(site.discover(new Search(
                fields.text("vcenter"), fields.text("username"), fields.text("datacenter"), fields.text("filter"))));
    }

    @GetMapping(VM + "cbt-status")
    Map<String, @Nullable Object> tracking(
            @PathVariable("vmPath") String vmPath, @RequestParam Map<String, String> query) throws IOException {
        return VmViews.tracking(site.tracking(wanted(vmPath, query)));
    }

    @PostMapping(VM + "enable-cbt")
    Map<String, @Nullable Object> enableTracking(
            @PathVariable("vmPath") String vmPath,
            @RequestParam Map<String, String> query,
            @RequestBody(required = false) @Nullable Map<String, Object> body)
            throws IOException {
        Enabled enabled = site.enableTracking(wanted(vmPath, query, Fields.of(body, CHANGE_FIELDS)));
        Map<String, @Nullable Object> view = VmViews.vm(enabled.vm());
        view.put("enabled", true);
        view.put("changed", enabled.changed());
        return view;
    }

    @GetMapping(VM + "power-state")
    Map<String, @Nullable Object> power(@PathVariable("vmPath") String vmPath, @RequestParam Map<String, String> query)
            throws IOException {
        Powered powered = site.power(wanted(vmPath, query));
        Map<String, @Nullable Object> view = VmViews.vm(powered.vm());
        view.put("power_state", VmViews.word(powered.power()));
        return view;
    }

    @PostMapping(VM + "power-off")
    Map<String, @Nullable Object> powerOff(
            @PathVariable("vmPath") String vmPath,
            @RequestParam Map<String, String> query,
            @RequestBody(required = false) @Nullable Map<String, Object> body)
            throws IOException {
        Fields fields = Fields.of(body, POWER_OFF_FIELDS);
        SwitchedOff off = site.powerOff(wanted(vmPath, query, fields), patience(fields.whole("timeout_seconds")));
        Map<String, @Nullable Object> view = VmViews.vm(off.vm());
        view.put("power_state", "poweredOff"); // it was seen to be: anything else is an exception
        view.put("shutdown_method", off.ending().name().toLowerCase(Locale.ROOT)); // was_off, shut_down or cut
        return view;
    }

    @PostMapping(VM + "power-on")
    Map<String, @Nullable Object> powerOn(
            @PathVariable("vmPath") String vmPath,
            @RequestParam Map<String, String> query,
            @RequestBody(required = false) @Nullable Map<String, Object> body)
            throws IOException {
        SwitchedOn on = site.powerOn(wanted(vmPath, query, Fields.of(body, CHANGE_FIELDS)));
        Map<String, @Nullable Object> view = VmViews.vm(on.vm());
        view.put("power_state", "poweredOn");
        view.put("changed", on.changed());
        return view;
    }

    /** Explains what most probably was meant: a path whose slashes are not encoded. */
    @RequestMapping(VmaServer.ROOT + "/vms/**")
    ResponseEntity<Problem> unknown() {
        return Problem.of(HttpStatus.BAD_REQUEST, Problem.USAGE, """
                        no such operation; there are GET %1$scbt-status and power-state, POST %1$senable-cbt, power-off and power-on. vmPath is encoded as one segment: a slash is %%2F, a percent sign %%25""".formatted(VM))
                .answer();
    }

    private Duration patience(OptionalLong seconds) {
        if (seconds.isEmpty()) {
            return patience;
        }
        if (seconds.getAsLong() < 0 || seconds.getAsLong() > patienceMax.toSeconds()) {
            throw new IllegalArgumentException("the field 'timeout_seconds' is %d; it must be 0 to %d"
                    .formatted(seconds.getAsLong(), patienceMax.toSeconds()));
        }
        return Duration.ofSeconds(seconds.getAsLong());
    }

    private static Wanted wanted(String vmPath, Map<String, String> query, Fields body) {
        Wanted wanted = wanted(vmPath, query);
        return new Wanted(vmPath, body.text("vcenter").or(wanted::vcenter));
    }

    private static Wanted wanted(String vmPath, Map<String, String> query) {
        return new Wanted(vmPath, Fields.of(query, CHANGE_FIELDS).text("vcenter"));
    }
}
