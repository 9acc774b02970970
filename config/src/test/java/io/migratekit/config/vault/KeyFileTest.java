package io.migratekit.config.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTest {
    @TempDir
    Path folder;

    @Test
    void isForItsOwnerAloneFromTheBeginning() throws Exception {
        KeyFile file = written();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    @Test
    void givesBackTheKeysInTheirOrder() throws Exception {
        KeyFile file = new KeyFile(folder.resolve("vault.key"));
        KeyRing keys = KeyRing.EMPTY.with(random()).with(random()).with(random());
        file.write(keys);

        assertThat(file.read().ids()).isEqualTo(keys.ids());
        assertThat(file.read().newest().base64()).isEqualTo(keys.newest().base64());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rw-rw-rw-"})
    void isRefusedWithAnyOtherMode(String mode) throws Exception {
        KeyFile file = written();
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString(mode));

        assertThatThrownBy(file::read)
                .isInstanceOf(VaultException.class)
                .hasMessageContainingAll(file.path().toString(), mode, "chmod 600");
    }

    @Test
    void mayBeReadOnly() throws Exception {
        KeyFile file = written();
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("r--------"));

        assertThat(file.read().keys()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "no base64!\n", "c2hvcnQ=\n"})
    void isRefusedIfItHoldsNoKeyAndNeverQuoted(String content) throws Exception {
        KeyFile file = written();
        Files.writeString(file.path(), content);

        assertThatThrownBy(file::read)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining(file.path().toString())
                .hasMessageNotContaining("c2hvcnQ")
                .hasMessageNotContaining("no base64!");
    }

    @Test
    void hasNoKeysBeforeItIsMade() throws Exception {
        assertThat(new KeyFile(folder.resolve("none")).read().isEmpty()).isTrue();
    }

    @Test
    void isReplacedBehindALinkThatStays() throws Exception {
        KeyFile real = written();
        KeyFile link = new KeyFile(Files.createSymbolicLink(folder.resolve("link"), real.path()));
        link.write(link.read().with(random()));

        assertThat(link.path()).isSymbolicLink();
        assertThat(real.read().keys()).hasSize(2);
    }

    @Test
    void saysWhichFolderIsMissing() {
        KeyFile file = new KeyFile(folder.resolve("no/such/vault.key"));

        assertThatThrownBy(() -> file.write(KeyRing.EMPTY.with(random())))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(file.path().toString(), "migratekit.vault.key-file");
    }

    @Test
    void keysAndSecretsAreInNoText() {
        VaultKey key = random();

        assertThat(KeyRing.EMPTY.with(key).toString()).contains(key.id()).doesNotContain(key.base64());
        assertThat(new EnvironmentKeys(key.base64()).toString()).doesNotContain(key.base64());
        assertThat(new Secret("swordfish").toString()).doesNotContain("swordfish");
        assertThatThrownBy(() -> new Secret("sword\nfish")).hasMessageNotContaining("sword");
        assertThatThrownBy(() -> new Secret("")).isInstanceOf(IllegalArgumentException.class);
    }

    private KeyFile written() throws IOException {
        KeyFile file = new KeyFile(folder.resolve("vault.key"));
        file.write(KeyRing.EMPTY.with(random()));
        return file;
    }

    private static VaultKey random() {
        return VaultKey.random(new SecureRandom());
    }
}
