package io.migratekit.shell.vma;

import io.migratekit.config.Vma;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.ProblemAdvice;
import io.migratekit.volume.web.TokenFilter;
import io.migratekit.volume.web.WebServer;
import java.util.function.BooleanSupplier;
import org.springframework.context.support.GenericApplicationContext;

/** The API's HTTP server. */
final class VmaServer implements AutoCloseable {
    static final String ROOT = "/api/v1";

    private static final WebServer.Name NAME = new WebServer.Name("the VMA API", "migratekit.vma");

    private final WebServer server;
    private final String address;

    private VmaServer(WebServer server, String address) {
        this.server = server;
        this.address = address;
    }

    /**
     * What is served.
     *
     * @param site what is done in vCenters
     * @param progress how far replications are
     * @param database whether it answers
     * @param token of those who may ask
     */
    record Served(SourceSite site, ProgressView progress, BooleanSupplier database, AccessToken token) {

        private void register(Vma settings, GenericApplicationContext context) {
            context.registerBean(
                    TokenFilter.class,
                    () -> new TokenFilter(
                            token,
                            HealthController.HEALTH,
                            NAME.server(),
                            (request, response, chain) -> chain.doFilter(request, response)));
            context.registerBean(
                    VmController.class,
                    () -> new VmController(site, settings.shutdownTimeout(), Vma.SHUTDOWN_TIMEOUT_MAX));
            context.registerBean(ProgressController.class, () -> new ProgressController(progress));
            context.registerBean(HealthController.class, () -> new HealthController(database));
            context.registerBean(ProblemAdvice.class, () -> new ProblemAdvice(NAME.server(), VmaProblems::of));
        }
    }

    /**
     * Starts to listen.
     *
     * @throws io.migratekit.volume.VolumeException of kind BUSY if the port is taken, FAILED if it cannot be listened
     *     there
     */
    static VmaServer start(Vma settings, Served served) {
        WebServer.Place place = new WebServer.Place(settings.address(), settings.port());
        return new VmaServer(
                WebServer.start(place, NAME, context -> served.register(settings, context)), settings.address());
    }

    /** Returns where it answers. */
    String endpoint() {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return "http://%s:%d".formatted(host, server.port());
    }

    @Override
    public void close() {
        server.close();
    }
}
