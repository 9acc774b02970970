package io.migratekit.nbd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice;
import io.migratekit.nbd.server.ExportDeviceContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class FileDeviceTest extends ExportDeviceContract {
    @TempDir
    Path folder;

    @Override
    protected ExportDevice open(long sizeBytes) throws IOException {
        return FileDevice.open(sparse("contract.raw", sizeBytes), false);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void seesTheHolesOfAFile() throws IOException {
        try (FileDevice device = FileDevice.open(sparse("holes.raw", 1 << 20), false)) {
            assertThat(device.allocation(0, 1 << 20)).isEqualTo(AllocationRun.emptyHole(1 << 20));
            device.write(262_144, ByteBuffer.allocate(65_536).put(0, (byte) 1));
            assertThat(device.allocation(0, 1 << 20)).isEqualTo(AllocationRun.emptyHole(262_144));
            assertThat(device.allocation(262_144, 1 << 20)).isEqualTo(AllocationRun.data(65_536));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void givesSpaceBackOrKeepsItAsAsked() throws IOException {
        Path file = sparse("space.raw", 1 << 20);
        try (FileDevice device = FileDevice.open(file, false)) {
            device.write(0, ByteBuffer.allocate(1 << 20));
            device.flush();
            long full = allocatedBytes(file);
            device.writeZeroes(0, 1 << 20, true);
            assertThat(allocatedBytes(file)).isEqualTo(full);
            device.writeZeroes(0, 1 << 20, false);
            assertThat(allocatedBytes(file)).isZero();
            assertThat(Files.size(file)).isEqualTo(1 << 20);
        }
    }

    @Test
    void refusesToWriteWhatWasOpenedForReading() throws IOException {
        try (FileDevice device = FileDevice.open(sparse("ro.raw", 4096), true)) {
            assertThatThrownBy(() -> device.write(0, ByteBuffer.allocate(1)))
                    .isInstanceOf(java.nio.channels.NonWritableChannelException.class);
        }
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> FileDevice.open(folder.resolve("none.raw"), false))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none.raw");
    }

    @Test
    void refusesAFolder() {
        assertThatThrownBy(() -> FileDevice.open(folder, true)).hasMessageContaining("is a folder");
    }

    @Test
    void saysThatAFileWasCut() throws IOException {
        Path file = sparse("cut.raw", 8192);
        try (FileDevice device = FileDevice.open(file, false);
                RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
            other.setLength(4096);
            assertThatThrownBy(() -> device.read(0, ByteBuffer.allocate(8192)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut.raw ends at byte 4096");
            if (System.getProperty("os.name").equals("Linux")) {
                assertThatThrownBy(() -> device.allocation(0, 8192)) // gone is not zero
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("cut.raw ends at byte 4096");
            }
        }
    }

    private Path sparse(String name, long sizeBytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(sizeBytes);
        }
        return file;
    }

    private static long allocatedBytes(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(
                        new String(stat.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                                .strip())
                * 512;
    }
}
