package io.migratekit.volume.cloudstack;

import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.vault.Secret;
import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A {@link CloudServer} for tests of other packages: how it is reached, what goes wrong in it, and what it holds. */
public final class ScriptedCloud implements AutoCloseable {
    private static final char[] PASSWORD = "password".toCharArray();

    private final CloudServer server;

    private ScriptedCloud(CloudServer server) {
        this.server = server;
        server.jobs.delay = Duration.ZERO;
    }

    /** Starts one whose disks are in a folder, which is made. */
    public static ScriptedCloud in(Path folder) {
        try {
            return new ScriptedCloud(new CloudServer(Files.createDirectories(folder)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one behind TLS, with the certificates of {@link io.migratekit.nbd.tls.SelfSigned}. */
    public static ScriptedCloud behindTls(Path folder, Path certificates) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.resolve("server.p12"))) {
            own.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return new ScriptedCloud(CloudServer.withTls(Files.createDirectories(folder), tls));
    }

    CloudServer server() {
        return server;
    }

    /** Returns where it answers. */
    public OsseaEndpoint endpoint() {
        return new OsseaEndpoint(server.endpoint());
    }

    /** Returns the keys of its one account. */
    public OsseaKeys keys() {
        return new OsseaKeys(new Secret(CloudServer.API_KEY), new Secret(CloudServer.SECRET_KEY));
    }

    /** Returns where volumes are made, and which VM this machine is. */
    public OsseaPlace place() {
        return new OsseaPlace(
                CloudState.ZONE,
                CloudState.DISK_OFFERING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(CloudState.OMA));
    }

    /** Returns the folder where devices of this machine appear. */
    public Path deviceFolder() {
        return server.state.devices.links;
    }

    /** Lets the next requests for a command meet these faults, one each. */
    public void fail(String command, Fault... faults) {
        server.fail(command, faults);
    }

    /** Lets every request for a command meet a fault, until {@link #heal}. */
    public void failAlways(String command, Fault fault) {
        server.failAlways(command, fault);
    }

    /** Lets every request meet a fault, until {@link #heal}. */
    public void failAlways(Fault fault) {
        server.failAlways(fault);
    }

    /** Lets nothing go wrong from here on. */
    public void heal() {
        server.heal();
        server.settled().afterAttach = row -> {};
        server.state.devices.appear = true;
        server.state.devices.instead = Optional.empty();
    }

    /** Refuses connections; what is in the cloud stays. */
    public void goDown() {
        server.goDown();
    }

    /** Answers again, at the same place. */
    public void comeBack() {
        try {
            server.comeBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets no job go on, or all of them again. */
    public void holdJobs(boolean now) {
        synchronized (server) {
            server.jobs.held = now;
        }
    }

    /** Has a volume without a tag that holds nothing yet, as of a request that was carried out late. */
    public VolumeId late(String name, long sizeBytes) {
        return new VolumeId(
                server.settled().add(name, sizeBytes).set("state", "Allocated").text("id"));
    }

    /** Lets every job that is due work, and forgets all. */
    public void forgetJobs() {
        synchronized (server) {
            server.jobs.advance();
            server.jobs.forgetAll();
        }
    }

    /** Returns the signatures of all requests. */
    public List<String> signatures() {
        return server.signatures();
    }

    /** Lets no device appear in this machine until {@link #heal}. */
    public void hideDevices() {
        server.state.devices.appear = false;
    }

    /** Lets the next volume that is attached here lead to another volume's device, of the same size. */
    public void swapNextDevice(VolumeId other) {
        CloudDevices devices = server.state.devices;
        devices.instead = Optional.of(new CloudDevices.Disk(devices.disk(other.text()), other.serial()));
    }

    /** Lets the next volume that is attached here lead to a file, of which the kernel tells no serial number. */
    public void swapNextDevice(Path file) {
        server.state.devices.instead = Optional.of(new CloudDevices.Disk(file, ""));
    }

    /** Puts our tag on a volume, or takes it away. */
    public void own(VolumeId id, boolean ours) {
        Map<String, String> tags = server.settled().volume(id.text()).tags;
        tags.clear();
        if (ours) {
            tags.put(Ownership.KEY, Clouds.INSTALLATION);
        }
    }

    /** Takes our tag from every volume at the moment that it is attached, until {@link #heal}. */
    public void untagWhatIsAttached() {
        server.settled().afterAttach = row -> row.tags.clear();
    }

    /** Returns how often a command was asked for. */
    public long asked(String command) {
        return server.asked(command);
    }

    /** Returns the ids of all volumes that are not deleted, whoever owns them. */
    public List<VolumeId> living() {
        return server.settled().volumes.values().stream()
                .filter(row -> !row.text("state").equals("Expunging"))
                .map(row -> new VolumeId(row.text("id")))
                .collect(Collectors.toUnmodifiableList());
    }

    /** Returns the VM that has a volume, if any. */
    public Optional<String> vmOf(VolumeId id) {
        return Optional.of(server.settled().volume(id.text()).text("virtualmachineid"))
                .filter(vm -> !vm.isEmpty());
    }

    /** Returns how many snapshots there are. */
    public int snapshots() {
        return server.settled().snapshots.size();
    }

    @Override
    public void close() {
        server.close();
    }
}
