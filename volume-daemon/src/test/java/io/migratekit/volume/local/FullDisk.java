package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A disk that has no room left at the moment for some things. */
final class FullDisk implements Disk {
    private final Disk real = new RealDisk();
    private volatile boolean noLinks;
    private volatile boolean noCommits;

    /** Lets links be refused. */
    void refuseLinks(boolean refuse) {
        noLinks = refuse;
    }

    /** Lets {@code qemu-img commit} be refused. */
    void refuseCommits(boolean refuse) {
        noCommits = refuse;
    }

    private static void check(boolean full) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        real.makeFolder(folder);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        real.write(file, content);
    }

    @Override
    public void makeSparse(Path file, long sizeBytes) throws IOException {
        real.makeSparse(file, sizeBytes);
    }

    @Override
    public void extend(Path file, long sizeBytes) throws IOException {
        real.extend(file, sizeBytes);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        real.move(from, to);
    }

    @Override
    public void link(Path link, String target) throws IOException {
        check(noLinks);
        real.link(link, target);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
    }

    @Override
    public void sync(Path path) throws IOException {
        real.sync(path);
    }

    @Override
    public void run(List<String> command, Duration timeout) throws IOException {
        check(noCommits && command.get(1).equals("commit"));
        real.run(command, timeout);
    }
}
