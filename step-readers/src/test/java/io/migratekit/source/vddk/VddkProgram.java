package io.migratekit.source.vddk;

import java.nio.file.Path;

/** A process of its own that holds a disk open until it is killed: arguments are the stand-in's two folders. */
final class VddkProgram {
    private VddkProgram() {}

    public static void main(String[] arguments) throws Exception {
        ServedVddkDisk disk = new StandIn(Path.of(arguments[0]), Path.of(arguments[1])).open();
        System.out.println(disk.pid().orElseThrow());
        System.out.println(disk.uri());
        Thread.sleep(60_000);
    }
}
