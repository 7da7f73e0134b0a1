package dev.holdfast.server.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The secret that a client presents: {@code hf_} and 256 random bits in 43 characters. */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final String PREFIX = "hf_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final int LENGTH = PREFIX.length() + 43;

    private Secrets() {}

    static String make() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether it could be a secret of ours, as far as is cheap to see; anything else is not worth hashing. */
    static boolean plausible(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX);
    }

    static boolean wellFormed(String text) {
        return FORM.matcher(text).matches();
    }
}
