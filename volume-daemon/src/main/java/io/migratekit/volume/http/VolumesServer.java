package io.migratekit.volume.http;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.Volumes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * The daemon's HTTP server, with a Spring context of its own: the program around it is no web application. Its end cuts
 * requests that are under way; all of them may be repeated.
 */
public final class VolumesServer implements AutoCloseable {
    private final AnnotationConfigServletWebServerApplicationContext context;

    private VolumesServer(AnnotationConfigServletWebServerApplicationContext context) {
        this.context = context;
    }

    /**
     * Where to listen.
     *
     * @param address name or number of an interface
     * @param port 0 lets the system choose
     */
    public record Place(String address, int port) {}

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
            Volumes volumes, DaemonIdentity identity, Measures measures, AccessToken token, Visits visits) {}

    /** Nothing but Spring MVC; the rest is registered by hand. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class WebMvc {}

    /**
     * Starts to listen.
     *
     * @throws VolumeException of kind BUSY if the port is taken, FAILED if it cannot be listened there
     */
    public static VolumesServer start(Place place, Served served) {
        var context = new AnnotationConfigServletWebServerApplicationContext();
        try {
            TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(place.port());
            tomcat.setAddress(InetAddress.getByName(place.address()));
            tomcat.setRegisterDefaultServlet(false);
            context.registerBean(TomcatServletWebServerFactory.class, () -> tomcat);
            context.registerBean(DispatcherServlet.class);
            context.registerBean(TokenFilter.class, () -> new TokenFilter(served.token(), served.visits()));
            context.registerBean(
                    VolumesController.class, () -> new VolumesController(served.volumes(), served.identity()));
            context.registerBean(
                    StatusController.class, () -> new StatusController(served.volumes(), served.measures()));
            context.registerBean(ProblemAdvice.class);
            context.register(WebMvc.class);
            context.refresh();
            return new VolumesServer(context);
        } catch (UnknownHostException e) {
            context.close();
            throw cannot(place, "no such address", e);
        } catch (RuntimeException e) {
            context.close();
            throw failure(place, e);
        }
    }

    /** Returns the port on which it listens. */
    public int port() {
        var server = context.getWebServer();
        if (server == null) {
            throw new IllegalStateException("the server has ended");
        }
        return server.getPort();
    }

    @Override
    public void close() {
        context.close();
    }

    private static RuntimeException failure(Place place, RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException) {
                return new VolumeException(
                        Kind.BUSY,
                        "port %d of %s is taken by another program; end it, or set migratekit.volumes.port"
                                .formatted(place.port(), place.address()),
                        e);
            }
        }
        return cannot(place, String.valueOf(e.getMessage()), e);
    }

    private static VolumeException cannot(Place place, String reason, Exception e) {
        return new VolumeException(
                Kind.FAILED,
                "the volume daemon cannot listen at %s, port %d: %s; check migratekit.volumes.address"
                        .formatted(place.address(), place.port(), reason),
                e);
    }
}
