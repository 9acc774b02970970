package io.migratekit.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * A process that may own leases.
 *
 * @param ownerId unique for every start of a process; begins with its {@link #room}
 * @param host name of its host, for people: two hosts may have one name
 * @param pid process id on that host
 * @param startMillis when it started, since pids are used again; 0 if the system does not tell
 */
public record ProcessIdentity(String ownerId, String host, long pid, long startMillis) {
    private static final char ROOM_END = '/';
    private static final int ROOM_CHARACTERS = 16;

    /** Returns this process, as a new owner. */
    public static ProcessIdentity current() {
        ProcessHandle self = ProcessHandle.current();
        String owner = UUID.randomUUID().toString();
        return new ProcessIdentity(
                ownRoom().map(room -> room + ROOM_END + owner).orElse(owner),
                hostName(),
                self.pid(),
                startMillis(self));
    }

    /**
     * Returns within what its process id means this process: one boot of one machine, and one space of process ids (a
     * container has its own). Empty if the system does not tell.
     */
    public Optional<String> room() {
        int end = ownerId.indexOf(ROOM_END);
        return end < 0 ? Optional.empty() : Optional.of(ownerId.substring(0, end));
    }

    /**
     * Returns whether this process is gone for sure, as {@code self} can see. Of one that lives in another room, whatever
     * its host is called, only its silence tells.
     */
    public boolean deadBeside(ProcessIdentity self) {
        if (room().isEmpty() || !room().equals(self.room())) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return true;
        }
        long nowStart = startMillis(process.get());
        // Linux counts start times in hundredths of a second, so the same process may be told with a small difference.
        return startMillis != 0 && nowStart != 0 && Math.abs(nowStart - startMillis) > 2000;
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static Optional<String> ownRoom() {
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            String processIds =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((boot + processIds).getBytes(StandardCharsets.UTF_8));
            return Optional.of(HexFormat.of().formatHex(digest).substring(0, ROOM_CHARACTERS));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // not a Linux, or one that hides it: then silence alone tells
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return kernelHostName();
        }
    }

    private static String kernelHostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
