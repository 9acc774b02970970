package io.migratekit.volume.http;

/** Tells how long nobody has asked for anything. Safe for many threads. */
public final class Visits {
    private int present; // guarded by this
    private long lastNanos = System.nanoTime(); // guarded by this

    /** Returns for how long nobody has been served, 0 while somebody is. */
    public synchronized long silentNanos() {
        return present > 0 ? 0 : System.nanoTime() - lastNanos;
    }

    synchronized void begin() {
        present++;
    }

    synchronized void end() {
        present--;
        lastNanos = System.nanoTime();
    }
}
