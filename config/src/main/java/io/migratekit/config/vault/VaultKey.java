package io.migratekit.config.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key of 32 bytes. Its id is computed from it, so that a mistyped key is told from the right one before it is used; it
 * says nothing of the key itself.
 */
final class VaultKey {
    static final int BYTES = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12; // the length that GCM is made for
    private static final int TAG_BYTES = 16;
    private static final int ID_BYTES = 8;

    private final byte[] bytes;
    private final String id;

    private VaultKey(byte[] bytes) {
        this.bytes = bytes;
        this.id = HexFormat.of().formatHex(Arrays.copyOf(hmac(bytes, "migratekit vault key id"), ID_BYTES));
    }

    static VaultKey random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new VaultKey(bytes);
    }

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException if it is not 32 bytes in Base64; the message does not repeat it
     */
    static VaultKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no Base64"); // without its cause, which tells a character of the key
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("%d bytes long".formatted(bytes.length));
        }
        return new VaultKey(bytes);
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    String id() {
        return id;
    }

    SealedSecret seal(SecretOwner owner, Secret secret, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
        try {
            byte[] closed = cipher(Cipher.ENCRYPT_MODE, nonce, owner).doFinal(plain);
            byte[] box = ByteBuffer.allocate(nonce.length + closed.length)
                    .put(nonce)
                    .put(closed)
                    .array();
            return SealedSecret.of(id, box);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Opens what {@link #seal} made for the same owner.
     *
     * @throws VaultException of kind DAMAGED if this is not that
     */
    Secret open(SecretOwner owner, SealedSecret sealed) {
        byte[] box = sealed.box();
        byte[] nonce = Arrays.copyOf(box, NONCE_BYTES);
        try {
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, nonce, owner).doFinal(box, NONCE_BYTES, box.length - NONCE_BYTES);
            return new Secret(new String(plain, StandardCharsets.UTF_8));
        } catch (AEADBadTagException e) {
            throw new VaultException(
                    VaultException.Kind.DAMAGED,
                    "%s does not open: it, its name or its server (%s) was changed in the database behind the program. See who did, then remove and add it again"
                            .formatted(owner, owner.endpoint()),
                    e);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, SecretOwner owner) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(owner.bytes(SealedSecret.VERSION, id));
        return cipher;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no AES-256-GCM or HMAC-SHA-256, which every Java has", e);
    }

    @Override
    public String toString() {
        return "VaultKey[%s]".formatted(id);
    }
}
