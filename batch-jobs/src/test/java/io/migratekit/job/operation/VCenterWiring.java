package io.migratekit.job.operation;

import io.migratekit.source.vcenter.lab.LabLogin;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterTrust;
import io.migratekit.source.vddk.Password;
import io.migratekit.source.vddk.VddkPlugin;
import io.migratekit.source.vddk.VddkSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** An account at a lab vCenter and its stand-in for VDDK, in this process or another; and a copier that can be cut. */
@Configuration(proxyBeanMethods = false)
@Import(CuttingCopies.Wiring.class)
class VCenterWiring {
    private static final Path NBDKIT = Path.of("/usr/bin/nbdkit");

    /** Writes where a lab is, and returns the setting that names the file. */
    static String setting(LabVCenter lab, Path file) throws IOException {
        LabLogin login = lab.login();
        VddkPlugin plugin = lab.vddk(NBDKIT);
        Properties facts = new Properties();
        facts.setProperty("url", login.url().toString());
        facts.setProperty("user", login.user());
        facts.setProperty("password", login.password());
        facts.setProperty("thumbprint", login.sha256Thumbprint());
        facts.setProperty("script", plugin.arguments().get(0));
        facts.setProperty("images", plugin.arguments().get(1));
        try (Writer writer = Files.newBufferedWriter(file)) {
            facts.store(writer, null);
        }
        return "test.lab=" + file;
    }

    private static Properties facts(Environment environment) throws IOException {
        Properties facts = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(environment.getRequiredProperty("test.lab")))) {
            facts.load(reader);
        }
        return facts;
    }

    @Bean
    @Primary
    VCenterAccounts vCenterAccounts(Environment environment) throws IOException {
        Properties facts = facts(environment);
        URI url = URI.create(facts.getProperty("url"));
        VCenterAccount account = new VCenterAccount(
                "lab",
                url.getHost(),
                url.getPort(),
                facts.getProperty("user"),
                () -> Password.of(facts.getProperty("password")),
                new VCenterTrust.Thumbprint(facts.getProperty("thumbprint")));
        return new VCenterAccounts() {
            @Override
            public List<VCenterAccount> candidates(String instanceUuid, String machineName) {
                return List.of(account);
            }

            @Override
            public Optional<VCenterAccount> named(String name) {
                return Optional.of(account).filter(known -> known.name().equals(name));
            }
        };
    }

    @Bean
    @Primary
    VddkSettings vddkSettings(Environment environment) throws IOException {
        Properties facts = facts(environment);
        VddkSettings usual = VddkSettings.defaults();
        return new VddkSettings(
                new VddkPlugin(
                        NBDKIT,
                        "sh",
                        List.of(facts.getProperty("script"), facts.getProperty("images")),
                        Optional.empty()),
                usual.transports(),
                usual.compression(),
                usual.connections(),
                usual.startTimeout(),
                usual.openTimeout(),
                usual.silenceMax(),
                usual.endTimeout(),
                usual.folder());
    }
}
