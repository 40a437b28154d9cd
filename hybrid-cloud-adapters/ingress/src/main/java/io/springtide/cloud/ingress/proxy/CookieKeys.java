package io.springtide.cloud.ingress.proxy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names of endpoints in cookies. They say nothing to those without the secret, and are the same in every
 * ingress and after every restart with it.
 */
public final class CookieKeys {

    /** Bytes of a secret at least. */
    public static final int SECRET_BYTES_MIN = 16;

    private static final int NAME_BYTES = 16;

    private final SecretKeySpec secret;

    /** @throws IllegalArgumentException if the secret is too short */
    public CookieKeys(byte[] secret) {
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("a secret for cookies has at least "
                    + SECRET_BYTES_MIN + " bytes, this one has " + secret.length);
        }
        this.secret = new SecretKeySpec(secret, "HmacSHA256");
    }

    String of(String service, long instance) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            byte[] code = mac.doFinal((service + "/" + instance).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(Arrays.copyOf(code, NAME_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HmacSHA256", impossible);
        }
    }
}
