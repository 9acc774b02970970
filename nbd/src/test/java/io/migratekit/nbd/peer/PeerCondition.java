package io.migratekit.nbd.peer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips or fails what {@link NeedsPeer} marks where a program is missing. */
final class PeerCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<NeedsPeer> needs = AnnotationSupport.findAnnotation(context.getElement(), NeedsPeer.class);
        List<String> missing = needs.stream()
                .flatMap(annotation -> Arrays.stream(annotation.value()))
                .filter(program -> !Peer.installed(program))
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("every peer is installed");
        }
        String reason = "not installed: %s (on Debian: apt-get install nbdkit libnbd-bin qemu-utils nbd-server fio)"
                .formatted(String.join(", ", missing));
        if (System.getProperty("peers", "auto").equals("required")) {
            throw new IllegalStateException(reason + "; -Dpeers=required makes that an error");
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
