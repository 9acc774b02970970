package io.migratekit.nbd.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The little DER that puts older private keys into PKCS#8, the one form that the JDK reads (RFC 5208, RFC 5915). */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int SEQUENCE = 0x30;

    /** Context tag of the curve inside an EC private key. */
    private static final int EC_PARAMETERS = 0xa0;

    /** AlgorithmIdentifier of rsaEncryption (1.2.840.113549.1.1.1) with its NULL parameter. */
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** Object id of id-ecPublicKey (1.2.840.10045.2.1). */
    private static final byte[] EC_ALGORITHM = {OBJECT_ID, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    private Der() {}

    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA_ALGORITHM, element(OCTET_STRING, pkcs1));
    }

    /** The curve, which SEC 1 keeps inside the key, becomes the parameter of the algorithm. */
    static byte[] pkcs8OfEc(Path file, byte[] sec1) throws IOException {
        byte[] algorithm = element(SEQUENCE, EC_ALGORITHM, curve(file, sec1));
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, sec1));
    }

    private static byte[] curve(Path file, byte[] sec1) throws IOException {
        try {
            int at = header(sec1, 0, SEQUENCE); // into the key
            at = next(sec1, at, INTEGER); // past the version
            at = next(sec1, at, OCTET_STRING); // past the private number
            int from = header(sec1, at, EC_PARAMETERS);
            return Arrays.copyOfRange(sec1, from, next(sec1, at, EC_PARAMETERS));
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(
                    "%s holds an EC key without a named curve. Rewrite it with openssl pkey -in … -out …"
                            .formatted(file),
                    e);
        }
    }

    /** Index of the content of the element at {@code at}. */
    private static int header(byte[] der, int at, int tag) {
        if ((der[at] & 0xff) != tag) {
            throw new IndexOutOfBoundsException("tag %02x where %02x is due".formatted(der[at], tag));
        }
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    /** Index just after the element at {@code at}. */
    private static int next(byte[] der, int at, int tag) {
        int content = header(der, at, tag);
        int lengthBytes = der[at + 1] & 0xff;
        if (lengthBytes >= 0x80) {
            lengthBytes = 0;
            for (int i = at + 2; i < content; i++) {
                lengthBytes = (lengthBytes << 8) | (der[i] & 0xff);
            }
        }
        if (lengthBytes < 0 || lengthBytes > der.length - content) {
            throw new IndexOutOfBoundsException("element of %d bytes".formatted(lengthBytes));
        }
        return content + lengthBytes;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int lengthBytes = content.size();
        // The shortest form is due; a private key has fewer than 65536 bytes.
        if (lengthBytes >= 0x100) {
            out.write(0x82); // two bytes of length follow
            out.write(lengthBytes >> 8);
        } else if (lengthBytes >= 0x80) {
            out.write(0x81); // one byte follows
        }
        out.write(lengthBytes);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
