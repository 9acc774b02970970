package io.migratekit.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A process that may own leases.
 *
 * @param ownerId unique for every start of a process
 * @param host name of its host
 * @param pid process id on that host
 * @param startMillis when it started, since pids are used again; 0 if the system does not tell
 */
public record ProcessIdentity(String ownerId, String host, long pid, long startMillis) {

    /** Returns this process, as a new owner. */
    public static ProcessIdentity current() {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessIdentity(UUID.randomUUID().toString(), hostName(), self.pid(), startMillis(self));
    }

    /**
     * Returns whether this process of the same host is gone for sure. A process of another host may live: only its
     * silence tells.
     */
    public boolean deadOn(String thisHost) {
        if (!host.equals(thisHost)) {
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

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
