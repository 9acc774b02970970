package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import io.migratekit.volume.http.DaemonIdentity;
import io.migratekit.volume.http.HttpVolumes;
import io.migratekit.volume.http.Visits;
import io.migratekit.volume.http.VolumesServer;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.WebServer;
import java.nio.file.Path;

/** One server on loopback that all tests of a class share; each gives it volumes of its own. */
final class HttpTransport implements AutoCloseable {
    static final DaemonIdentity IDENTITY = new DaemonIdentity("installation", 7, 4711);

    final Visits visits = new Visits();
    final AccessToken token;
    private final SwitchedVolumes served = new SwitchedVolumes();
    private final VolumesServer server;
    private final Volumes client;

    /** Listens, with a token in a folder. */
    HttpTransport(Path folder) {
        token = AccessToken.ofServer(folder.resolve("token"));
        server = another(visits, 0);
        client = new HttpVolumes(endpoint(), token);
    }

    /** Serves some volumes from now on, and returns a client of them. */
    Volumes reach(Volumes volumes) {
        served.serve(volumes);
        return client;
    }

    /** Starts a further server of the same volumes. */
    VolumesServer another(Visits counted, int port) {
        return VolumesServer.start(
                new WebServer.Place("127.0.0.1", port),
                new VolumesServer.Served(served.volumes(), IDENTITY, new FixedMeasures(), token, counted));
    }

    int port() {
        return server.port();
    }

    String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.close();
    }
}
