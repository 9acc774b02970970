package io.migratekit.job;

import org.jspecify.annotations.Nullable;

/** Why a job or an operation on jobs did not do what was asked, by who can help. The message is for people. */
public abstract sealed class JobException extends RuntimeException {

    private JobException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** No machine, disk or job has that name. */
    public static final class NoSuch extends JobException {
        public NoSuch(String message) {
            super(message, null);
        }
    }

    /** Another process works on the machine. */
    public static final class Busy extends JobException {
        private final String jobId;
        private final String host;
        private final long pid;

        public Busy(String message, String jobId, String host, long pid) {
            super(message, null);
            this.jobId = jobId;
            this.host = host;
            this.pid = pid;
        }

        /** Returns the job that is running. */
        public String jobId() {
            return jobId;
        }

        /** Returns the host that it runs on. */
        public String host() {
            return host;
        }

        /** Returns the process that runs it. */
        public long pid() {
            return pid;
        }
    }

    /** Somebody has to decide before it can go on: an incremental replication is not possible, and the policy is to ask. */
    public static final class NeedsDecision extends JobException {
        public NeedsDecision(String message) {
            super(message, null);
        }
    }

    /** What was asked for is not allowed or makes no sense; nothing was changed. */
    public static final class Refused extends JobException {
        private final boolean usage;

        private Refused(String message, boolean usage, @Nullable Throwable cause) {
            super(message, cause);
            this.usage = usage;
        }

        /** The words are wrong: another command line is needed. */
        public static Refused usage(String message) {
            return new Refused(message, true, null);
        }

        /** The words are right, but source or target do not fit. */
        public static Refused unfit(String message) {
            return new Refused(message, false, null);
        }

        /** The words are right, but source or target do not fit. */
        public static Refused unfit(String message, Throwable cause) {
            return new Refused(message, false, cause);
        }

        /** Returns whether the command line is at fault. */
        public boolean usage() {
            return usage;
        }
    }

    /** It was tried and failed; what was committed stays, and a restart goes on from there. */
    public static final class Failed extends JobException {
        public Failed(String message, Throwable cause) {
            super(message, cause);
        }

        public Failed(String message) {
            super(message, null);
        }
    }

    /** The copy is complete and promoted, but something behind it is left to do. */
    public static final class PartlyDone extends JobException {
        public PartlyDone(String message) {
            super(message, null);
        }
    }
}
