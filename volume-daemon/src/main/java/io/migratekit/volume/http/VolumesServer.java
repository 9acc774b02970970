package io.migratekit.volume.http;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.ProblemAdvice;
import io.migratekit.volume.web.TokenFilter;
import io.migratekit.volume.web.WebServer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.support.GenericApplicationContext;

/** The daemon's HTTP server. All of its requests may be repeated. */
public final class VolumesServer implements AutoCloseable {
    private static final WebServer.Name NAME = new WebServer.Name("the volume daemon", "migratekit.volumes");

    private final WebServer server;

    private VolumesServer(WebServer server) {
        this.server = server;
    }

    /**
     * What is served.
     *
     * @param volumes answers
     * @param identity which daemon that is
     * @param measures for monitoring
     * @param token of those who may ask
     * @param visits takes note of them
     */
    public record Served(
            Volumes volumes, DaemonIdentity identity, Measures measures, AccessToken token, Visits visits) {

        private void register(GenericApplicationContext context) {
            context.registerBean(
                    TokenFilter.class,
                    () -> new TokenFilter(token, StatusController.HEALTH, NAME.server(), this::admit));
            context.registerBean(VolumesController.class, () -> new VolumesController(volumes, identity));
            context.registerBean(StatusController.class, () -> new StatusController(volumes, measures));
            context.registerBean(ProblemAdvice.class, () -> new ProblemAdvice(NAME.server(), Problems::of));
        }

        private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getRequestURI().equals(StatusController.METRICS)) { // who only watches does not need it
                chain.doFilter(request, response);
                return;
            }
            visits.begin();
            try {
                chain.doFilter(request, response);
            } finally {
                visits.end();
            }
        }
    }

    /**
     * Starts to listen.
     *
     * @throws VolumeException of kind BUSY if the port is taken, FAILED if it cannot be listened there
     */
    public static VolumesServer start(WebServer.Place place, Served served) {
        return new VolumesServer(WebServer.start(place, NAME, served::register));
    }

    /** Returns the port on which it listens. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
