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
        server.state.devices.appear = true;
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

    /** Lets jobs take so long. */
    public void jobsTake(Duration time) {
        server.jobs.delay = time;
    }

    /** Lets no device appear in this machine until {@link #heal}. */
    public void hideDevices() {
        server.state.devices.appear = false;
    }

    /** Lets a volume's device be another volume's, of the same size, as the kernel tells by its serial number. */
    public void swapDevice(VolumeId id, VolumeId other) {
        CloudDevices devices = server.state.devices;
        devices.link(id.text(), devices.disk(other.text()), other.serial());
    }

    /** Lets a volume's device have another size, without a word of the kernel about its serial number. */
    public void misplaceDevice(VolumeId id, Path other) {
        server.state.devices.link(id.text(), other, id.serial());
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
