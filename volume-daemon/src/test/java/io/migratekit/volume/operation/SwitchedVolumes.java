package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

/** Hands every call to whichever volumes it serves now, so that many tests can share one server. */
final class SwitchedVolumes {
    private final AtomicReference<Volumes> now = new AtomicReference<>();

    void serve(Volumes volumes) {
        now.set(volumes);
    }

    Volumes volumes() {
        return (Volumes) Proxy.newProxyInstance(
                Volumes.class.getClassLoader(), new Class<?>[] {Volumes.class}, (self, method, arguments) -> {
                    try {
                        return method.invoke(now.get(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
