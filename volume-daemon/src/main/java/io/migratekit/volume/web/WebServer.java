package io.migratekit.volume.web;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * An HTTP server with a Spring context of its own: the program around it is no web application. Its end cuts requests
 * that are under way.
 */
public final class WebServer implements AutoCloseable {
    private final AnnotationConfigServletWebServerApplicationContext context;

    private WebServer(AnnotationConfigServletWebServerApplicationContext context) {
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
     * What messages call it.
     *
     * @param server as in "the volume daemon"
     * @param settings the prefix of its settings, as in {@code migratekit.volumes}
     */
    public record Name(String server, String settings) {}

    /** Nothing but Spring MVC; the rest is registered by hand. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class WebMvc {}

    /**
     * Starts to listen. An encoded slash or backslash in a path is data of a segment, not a separator.
     *
     * @param beans registers filter, controllers and advice
     * @throws VolumeException of kind BUSY if the port is taken, FAILED if it cannot be listened there
     */
    public static WebServer start(Place place, Name name, Consumer<GenericApplicationContext> beans) {
        var context = new AnnotationConfigServletWebServerApplicationContext();
        try {
            TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(place.port());
            tomcat.setAddress(InetAddress.getByName(place.address()));
            tomcat.setRegisterDefaultServlet(false);
            String asData = EncodedSolidusHandling.PASS_THROUGH.getValue();
            tomcat.addConnectorCustomizers(
                    connector -> connector.setEncodedSolidusHandling(asData),
                    connector -> connector.setEncodedReverseSolidusHandling(asData));
            tomcat.addContextCustomizers(root -> root.getParent().getPipeline().addValve(plainErrors()));
            context.registerBean(TomcatServletWebServerFactory.class, () -> tomcat);
            context.registerBean(DispatcherServlet.class);
            context.registerBean(BodyLimit.class, BodyLimit::new);
            context.registerBean(StrictJson.class, StrictJson::new);
            beans.accept(context);
            context.register(WebMvc.class);
            context.refresh();
            return new WebServer(context);
        } catch (UnknownHostException e) {
            context.close();
            throw cannot(place, name, "no such address", e);
        } catch (RuntimeException e) {
            context.close();
            throw failure(place, name, e);
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

    /** What is no HTTP is answered before any of our filters: with its status alone, not with who we are. */
    private static ErrorReportValve plainErrors() {
        ErrorReportValve plain = new ErrorReportValve();
        plain.setShowReport(false);
        plain.setShowServerInfo(false);
        return plain;
    }

    private static RuntimeException failure(Place place, Name name, RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException) {
                return new VolumeException(
                        Kind.BUSY,
                        "port %d of %s is taken by another program; end it, or set %s.port"
                                .formatted(place.port(), place.address(), name.settings()),
                        e);
            }
        }
        return cannot(place, name, String.valueOf(e.getMessage()), e);
    }

    private static VolumeException cannot(Place place, Name name, String reason, Exception e) {
        return new VolumeException(
                Kind.FAILED,
                "%s cannot listen at %s, port %d: %s; check %s.address"
                        .formatted(name.server(), place.address(), place.port(), reason, name.settings()),
                e);
    }
}
