package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RequestErrorsTest {
    private static final int SIZE_BYTES = 500_000;

    @TempDir
    Path folder;

    @Test
    void triesAgainWhereARequestFailsOnce() throws IOException {
        for (Command command : new Command[] {Command.READ, Command.WRITE, Command.WRITE_ZEROES}) {
            Set<Long> failed = new HashSet<>(); // every request fails once; touched under the server's lock
            try (CopyRig rig = rig()) {
                FaultyServer.Fault once = request ->
                        request.command() == command && failed.add(request.offsetBytes()) ? ErrorCode.EIO.code : 0;
                rig.source.fault(once);
                rig.target.fault(once);
                rig.copyAndCheck();
                assertThat(rig.events)
                        .isNotEmpty()
                        .allMatch(event -> event.matches("retry 1: " + command + " offset=.* input/output error"));
                assertThat(rig.progress.numbers().recopiedBytes()).isZero();
            }
        }
    }

    @Test
    void anErrorOfManyPartsAtOnceIsOneAttempt() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(64 << 10, 64 << 10, 1);
        for (int at = 4096; at < 64 << 10; at += 8192) { // zeros and noise in turn: sixteen parts of one request
            java.util.Arrays.fill(plan.content(), at, at + 4096, (byte) 0);
            java.util.Arrays.fill(plan.content(), at - 4096, at, (byte) 5);
        }
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.target.fault(request -> request.index() < 16 ? ErrorCode.EIO.code : 0);
            rig.copyAndCheck();
            assertThat(rig.events).hasSize(1);
        }
    }

    @Test
    void givesUpOnAReadThatAlwaysFails() throws IOException {
        try (CopyRig rig = rig()) {
            rig.source.fault(request -> request.offsetBytes() == 131072 ? ErrorCode.EIO.code : 0);
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("READ offset=131072 length=18928 failed at " + rig.source.uri())
                    .hasMessageContaining("input/output error")
                    .hasMessageContaining("It failed on every attempt: check the disk behind the export")
                    .hasMessageContaining("a copy goes on from its last commit");
            assertThat(rig.events).hasSize(CopyRig.SETTINGS.attemptsMax() - 1);
        }
    }

    @Test
    void saysThatTheTargetIsFull() throws IOException {
        try (CopyRig rig = rig()) {
            rig.target.fault(request -> request.command() == Command.WRITE ? ErrorCode.ENOSPC.code : 0);
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("no space left on device. The storage behind the export is full: make room")
                    .hasMessageContaining("then run the same command");
            assertThat(rig.events).isEmpty();
        }
    }

    @Test
    void saysThatTheServerDoesNotAllowIt() throws IOException {
        try (CopyRig rig = rig()) {
            rig.target.fault(request -> request.command() == Command.WRITE ? ErrorCode.EPERM.code : 0);
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("The server does not allow it: check that the export is writable for us");
        }
    }

    @Test
    void saysThatTheServerDoesNotTakeSuchRequests() throws IOException {
        try (CopyRig rig = rig()) {
            rig.target.fault(request -> request.command() == Command.WRITE ? ErrorCode.EINVAL.code : 0);
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("check its size and block-size settings");
        }
    }

    @Test
    void saysThatTheServerKeepsRefusing() throws IOException {
        try (CopyRig rig = rig()) {
            rig.target.fault(request -> request.command() == Command.WRITE ? ErrorCode.ESHUTDOWN.code : 0);
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("The server kept refusing: check its load and state");
        }
    }

    @Test
    void neverTrustsAFlushThatFollowsAFailedOne() throws IOException {
        boolean[] failed = {false};
        try (CopyRig rig = rig()) {
            rig.target.fault(request -> {
                if (request.command() == Command.FLUSH && !failed[0]) {
                    failed[0] = true;
                    return ErrorCode.EIO.code;
                }
                return 0;
            });
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("FLUSH")
                    .hasMessageContaining("What was written since the last commit may not be on the disk")
                    .hasMessageContaining("it writes that again");
            rig.restartAt(0);
            rig.copy();
            rig.assertTargetIsRight();
        }
    }

    @Test
    void writesZerosAsDataWhereWriteZeroesIsRefused() throws IOException {
        for (ErrorCode refusal : new ErrorCode[] {ErrorCode.ENOTSUP, ErrorCode.EINVAL, ErrorCode.EOVERFLOW}) {
            int[] refused = {0};
            try (CopyRig rig = rig()) {
                rig.target.fault(request -> {
                    refused[0] += request.command() == Command.WRITE_ZEROES ? 1 : 0;
                    return request.command() == Command.WRITE_ZEROES ? refusal.code : 0;
                });
                rig.copyAndCheck();
                assertThat(refused[0]).as("asked until the first refusal came").isBetween(1, 64);
                assertThat(rig.progress.numbers().zeroedBytes()).isPositive();
            }
        }
    }

    private CopyRig rig() throws IOException {
        return CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 150_000, 8));
    }
}
