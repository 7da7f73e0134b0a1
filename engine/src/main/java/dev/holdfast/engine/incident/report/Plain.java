package dev.holdfast.engine.incident.report;

import java.util.Locale;

/** Texts that came from outside, with all that acts unseen made visible: control characters, and those that turn the direction of text. */
final class Plain {
    private Plain() {}

    static String text(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            int type = Character.getType(character);
            if (Character.isWhitespace(character)) {
                shown.append(' ');
            } else if (Character.isISOControl(character) || type == Character.FORMAT || type == Character.SURROGATE) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        return shown.toString();
    }
}
