package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.backend.StepMemory;
import java.util.Optional;
import java.util.OptionalInt;

/** An attachment as a step remembers it. */
record AttachmentMemory(StepMemory memory) {
    private static final String VM = "vm";
    private static final String MODE = "mode";
    private static final String DEVICE_NUMBER = "deviceNumber";
    private static final String DEVICE_PATH = "devicePath";

    void put(Attachment at) {
        memory.put(VM, at.vmId());
        memory.put(
                DEVICE_NUMBER,
                at.deviceNumber().isPresent()
                        ? Integer.toString(at.deviceNumber().getAsInt())
                        : "");
        memory.put(DEVICE_PATH, at.devicePath().orElse(""));
        memory.put(MODE, at.mode().name()); // last: it tells that the others are there
    }

    Optional<Attachment> get() {
        return memory.get(MODE).map(mode -> {
            String number = memory.get(DEVICE_NUMBER).orElseThrow();
            return new Attachment(
                    memory.get(VM).orElseThrow(),
                    ExportMode.valueOf(mode),
                    number.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number)),
                    memory.get(DEVICE_PATH).filter(path -> !path.isEmpty()));
        });
    }
}
