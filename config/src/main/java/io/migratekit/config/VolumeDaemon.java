package io.migratekit.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How volumes are kept and served ({@code migratekit.volumes}).
 *
 * @param backend where new volumes are made
 * @param pool folder of the local back end; the default is {@code volumes} in the home
 * @param format of local images
 * @param reserve space of the pool's file system that volumes must leave free, 0 to 1 PiB
 * @param overcommit how much more than its space the pool may promise, 1 to 1000: volumes are sparse, but may fill up
 * @param engine what serves exports
 * @param listen where exports are served, an NBD URI without export name; the default is a unix socket in the home
 * @param clientCertificates folder with ca-cert.pem, client-cert.pem and client-key.pem, which the URIs name that jobs get;
 *     goes with an address that demands TLS
 * @param address where the daemon's HTTP API listens; anything but loopback is reachable by others, who need its token
 * @param port of the HTTP API, 0 to 65535; 0 lets the system choose
 * @param tokenFile holds the secret that lets clients in, made with mode 600 if it is missing; the default is {@code
 *     volume-daemon.token} in the home
 * @param idle after which a daemon that was started for a command ends itself, 1 s to 24 h
 * @param heartbeat how often the daemon says that it lives, 200 ms to 1 min
 * @param timeout silence after which another daemon may take over, at least five heartbeats, up to 1 h
 * @param operationTimeout how long one step of an operation is tried again while its back end does not answer, 1 s to 24 h
 * @param jobTimeout how long one step is waited for while its back end answers that it is at work, such as on a snapshot
 *     of a large volume, 1 s to 30 d
 * @param deviceFolder where devices of attached volumes appear
 * @param deviceTimeout how long to wait for one, 1 s to 10 min
 * @param pollInterval how often a job of the cloud is looked at, at first, 10 ms to 1 min; the pause grows tenfold
 * @param requestTimeout for one request to the cloud, 1 s to 10 min
 */
public record VolumeDaemon(
        @DefaultValue("auto") Backend backend,
        Optional<Path> pool,
        @DefaultValue("auto") Format format,
        @DefaultValue("1GB") DataSize reserve,
        @DefaultValue("1") double overcommit,
        @DefaultValue("auto") Engine engine,
        Optional<String> listen,
        Optional<Path> clientCertificates,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8090") int port,
        Optional<Path> tokenFile,
        @DefaultValue("10m") Duration idle,
        @DefaultValue("1s") Duration heartbeat,
        @DefaultValue("15s") Duration timeout,
        @DefaultValue("10m") Duration operationTimeout,
        @DefaultValue("1d") Duration jobTimeout,
        @DefaultValue("/dev/disk/by-id") Path deviceFolder,
        @DefaultValue("30s") Duration deviceTimeout,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("30s") Duration requestTimeout) {

    /** Where new volumes are made. */
    public enum Backend {
        /** In the active OSSEA configuration's cloud if there is one, else locally. */
        AUTO,
        /** As image files in the pool. */
        LOCAL,
        /** In the cloud of the active OSSEA configuration. */
        CLOUDSTACK
    }

    /** How local images are kept. */
    public enum Format {
        /** qcow2 where qemu-img is installed and the engine serves it, else raw. */
        AUTO,
        /** With snapshots; needs qemu-img, and qemu-storage-daemon to be exported. */
        QCOW2,
        /** Sparse files; snapshots need qemu-img, and qemu-storage-daemon. */
        RAW
    }

    /** What serves exports. */
    public enum Engine {
        /** qemu-storage-daemon where it is installed, else the embedded server. */
        AUTO,
        /** The NBD server within the daemon: raw images and devices. */
        EMBEDDED,
        /** qemu-storage-daemon: all formats; exports outlive the daemon. */
        QEMU
    }

    public VolumeDaemon {
        Range.of("migratekit.volumes.reserve").between(reserve, DataSize.ofBytes(0), DataSize.ofTerabytes(1024));
        if (!(overcommit >= 1 && overcommit <= 1000)) {
            throw new IllegalArgumentException(
                    "migratekit.volumes.overcommit is %s; it must be 1 to 1000".formatted(overcommit));
        }
        Range.of("migratekit.volumes.port").between(port, 0, 65535);
        Range.of("migratekit.volumes.idle").between(idle, Duration.ofSeconds(1), Duration.ofHours(24));
        Range.of("migratekit.volumes.heartbeat").between(heartbeat, Duration.ofMillis(200), Duration.ofMinutes(1));
        Range.of("migratekit.volumes.timeout").between(timeout, heartbeat.multipliedBy(5), Duration.ofHours(1));
        Range.of("migratekit.volumes.operation-timeout")
                .between(operationTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
        Range.of("migratekit.volumes.job-timeout").between(jobTimeout, Duration.ofSeconds(1), Duration.ofDays(30));
        Range.of("migratekit.volumes.device-timeout")
                .between(deviceTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Range.of("migratekit.volumes.poll-interval")
                .between(pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        Range.of("migratekit.volumes.request-timeout")
                .between(requestTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
    }
}
