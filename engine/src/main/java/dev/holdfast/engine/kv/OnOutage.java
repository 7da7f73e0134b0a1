package dev.holdfast.engine.kv;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a namespace's readers get while nobody can be asked (promise P3). Written {@code stale}, {@code stale(90s)}, {@code closed}
 * or {@code default(text)}.
 */
public sealed interface OnOutage {
    /** The newest value known, however old. */
    OnOutage STALE = new Stale(Duration.ofMillis(Long.MAX_VALUE));

    /** What a default value may have: it is kept in the catalogue, at every node. */
    int DEFAULT_BYTES = 1024;

    /** The newest value known, as long as it was the newest at most {@code most} ago. */
    record Stale(Duration most) implements OnOutage {
        @Override
        public String toString() {
            return equals(STALE) ? "stale" : "stale(" + text(most) + ")";
        }
    }

    /** Nothing: a wrong answer would be worse than none. */
    record Closed() implements OnOutage {
        @Override
        public String toString() {
            return "closed";
        }
    }

    /** The newest value known; this one for a key of which none is known. */
    record Default(byte[] value) implements OnOutage {
        @Override
        public boolean equals(Object o) {
            return o instanceof Default other && Arrays.equals(value, other.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "default(" + new String(value, StandardCharsets.UTF_8) + ")";
        }
    }

    /** @throws IllegalArgumentException with a sentence for people, when {@code text} is none of these */
    static OnOutage parse(String text) {
        if (text.equals("stale")) {
            return STALE;
        }
        if (text.equals("closed")) {
            return new Closed();
        }
        if (text.startsWith("default(") && text.endsWith(")")) {
            byte[] value =
                    text.substring("default(".length(), text.length() - 1).getBytes(StandardCharsets.UTF_8);
            if (value.length > DEFAULT_BYTES) {
                throw new IllegalArgumentException("a default value has at most " + DEFAULT_BYTES + " bytes");
            }
            return new Default(value);
        }
        Matcher stale = STALE_FOR.matcher(text);
        if (stale.matches()) {
            return new Stale(Duration.ofSeconds(Long.parseLong(stale.group(1)) * seconds(stale.group(2))));
        }
        throw new IllegalArgumentException("must be stale, stale(10m), closed or default(text)");
    }

    private static String text(Duration most) {
        long seconds = most.toSeconds();
        for (String unit : new String[] {"d", "h", "m"}) {
            if (seconds % seconds(unit) == 0) {
                return seconds / seconds(unit) + unit;
            }
        }
        return seconds + "s";
    }

    private static long seconds(String unit) {
        return switch (unit) {
            case "d" -> 86_400;
            case "h" -> 3_600;
            case "m" -> 60;
            default -> 1;
        };
    }

    /** Up to nine digits: more seconds than anybody lives. */
    Pattern STALE_FOR = Pattern.compile("stale\\((\\d{1,9})([smhd])\\)");
}
