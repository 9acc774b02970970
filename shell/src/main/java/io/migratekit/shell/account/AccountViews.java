package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.shell.command.Result;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How clouds and vCenters look as JSON: without secrets. The keys are stable. */
final class AccountViews {
    private AccountViews() {}

    static Map<String, @Nullable Object> object(OsseaConfig config) {
        OsseaPlace place = config.place();
        return Result.object(
                "ossea", config.name(),
                "endpoint", config.endpoint().toString(),
                "active", config.active(),
                "zone", place.zone(),
                "diskOffering", place.diskOffering(),
                "serviceOffering", place.serviceOffering().orElse(null),
                "network", place.network().orElse(null),
                "template", place.template().orElse(null),
                "omaVm", place.omaVm().orElse(null),
                "trust", trust(config.trust()),
                "addedAt", config.addedAt().toString(),
                "changedAt", config.changedAt().toString());
    }

    static Map<String, @Nullable Object> object(VmwareCredential credential) {
        return Result.object(
                "vcenter", credential.name(),
                "host", credential.host().text(),
                "username", credential.username(),
                "datacenter", credential.datacenter().orElse(null),
                "default", credential.preferred(),
                "trust", trust(credential.trust()),
                "lastUsed", credential.lastUsed().map(Instant::toString).orElse(null),
                "uses", credential.uses(),
                "addedAt", credential.addedAt().toString(),
                "changedAt", credential.changedAt().toString());
    }

    private static Map<String, @Nullable Object> trust(ServerTrust trust) {
        return Result.object(
                "caFile", trust.caFile().map(Object::toString).orElse(null),
                "thumbprint", trust.thumbprint().orElse(null),
                "insecure", trust.insecure());
    }
}
