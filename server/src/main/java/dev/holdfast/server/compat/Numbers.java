package dev.holdfast.server.compat;

import java.util.OptionalLong;

/** How a whole number is read from text. Both forms end at the largest whole number of JavaScript, either way. */
public enum Numbers {
    /** As JavaScript's {@code parseInt}: blanks before it and anything after it are ignored. */
    LENIENT,
    /** Digits and nothing else. */
    STRICT;

    /** The largest whole number that every JavaScript client holds exactly. */
    public static final long MOST = (1L << 53) - 1;

    /** Empty when the text is no number. */
    public OptionalLong parse(String text) {
        String digits = this == LENIENT ? text.stripLeading() : text;
        boolean negative = digits.startsWith("-");
        int from = negative || (this == LENIENT && digits.startsWith("+")) ? 1 : 0;
        int at = from;
        long value = 0;
        while (at < digits.length() && digits.charAt(at) >= '0' && digits.charAt(at) <= '9') {
            value = Math.min(MOST, value * 10 + (digits.charAt(at) - '0'));
            at++;
        }
        if (at == from || (this == STRICT && at < digits.length())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(negative ? -value : value);
    }

    /** A number as JavaScript prints it. */
    public static String print(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "NaN";
    }
}
