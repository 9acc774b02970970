package io.migratekit.volume.local;

import java.io.IOException;

/** The disk failed when what was asked had happened in part already, so whatever the reason is, something has changed. */
final class HalfDone extends IOException {
    private static final long serialVersionUID = 1;

    private HalfDone(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** What comes behind the point from which there is a change. */
    @FunctionalInterface
    interface Rest {
        void run() throws IOException;
    }

    /** Does what is left to do. */
    static void finish(Rest rest) throws HalfDone {
        try {
            rest.run();
        } catch (HalfDone e) {
            throw e;
        } catch (IOException e) {
            throw new HalfDone(e);
        }
    }
}
