package io.migratekit.volume.cloudstack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** The commands of {@link CloudServer} that change virtual machines. */
final class CloudVms {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final CloudState state;

    CloudVms(CloudState state) {
        this.state = state;
    }

    CloudOutcome deployVirtualMachine(CloudForm form) {
        form.required("serviceofferingid");
        form.required("templateid");
        String id = UUID.randomUUID().toString();
        List<String> networks = form.optional("networkids")
                .map(text -> List.of(text.split(",", -1)))
                .orElseGet(() -> form.indexed("iptonetworklist", "networkid"));
        List<CloudRow> nics = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            nics.add(new CloudRow("nic-" + i, "")
                    .set("networkid", networks.get(i))
                    .set("macaddress", "02:00:00:00:01:0" + i)
                    .set(
                            "ipaddress",
                            form.optional("iptonetworklist[%d].ip".formatted(i)).orElse("10.0.0." + i))
                    .set("isdefault", i == 0));
        }
        CloudRow vm = new CloudRow(id, form.required("name"))
                .set("displayname", form.required("displayname"))
                .set("state", "Stopped")
                .set(
                        "cpunumber",
                        Integer.valueOf(form.optional("details[0].cpuNumber").orElse("1")))
                .set(
                        "memory",
                        Integer.valueOf(form.optional("details[0].memory").orElse("512")))
                .set("nic", nics);
        state.machines.put(id, vm);
        return CloudOutcome.job(JSON.createObjectNode().put("id", id), () -> {
            state.add("ROOT-" + id, 8L << 30)
                    .set("type", "ROOT")
                    .set("virtualmachineid", id)
                    .set("deviceid", 0);
            vm.set("state", form.matches("startvm", "false") ? "Stopped" : "Running");
            return JSON.createObjectNode().set("virtualmachine", vm.json());
        });
    }

    CloudOutcome startVirtualMachine(CloudForm form) {
        CloudRow vm = state.machine(form.required("id"));
        return CloudOutcome.job(JSON.createObjectNode(), () -> {
            vm.set("state", "Running");
            return JSON.createObjectNode().set("virtualmachine", vm.json());
        });
    }

    CloudOutcome stopVirtualMachine(CloudForm form) {
        CloudRow vm = state.machine(form.required("id"));
        boolean forced = form.optional("forced").equals(Optional.of("true"));
        return CloudOutcome.job(JSON.createObjectNode(), () -> {
            if (!forced && !state.guestsEndByThemselves) {
                throw new CloudError(530, "Failed to stop the VM");
            }
            vm.set("state", "Stopped");
            return JSON.createObjectNode().set("virtualmachine", vm.json());
        });
    }

    CloudOutcome destroyVirtualMachine(CloudForm form) {
        CloudRow vm = state.machine(form.required("id"));
        return CloudOutcome.job(JSON.createObjectNode(), () -> {
            vm.set("state", "Expunging");
            state.volumes.values().stream()
                    .filter(row -> row.text("virtualmachineid").equals(vm.text("id")))
                    .forEach(row -> row.set("virtualmachineid", null).set("state", "Expunging"));
            return JSON.createObjectNode().set("virtualmachine", vm.json());
        });
    }
}
