package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Version;
import java.util.HexFormat;

/** Versions as names whose order is the reverse: all bits turned over, as 16 hexadecimal digits. */
final class Versions {
    static final int DIGITS = 16;

    private Versions() {}

    static String inverted(Version version) {
        return HexFormat.of().toHexDigits(~version.bits());
    }

    /** @throws IllegalArgumentException when it is not 16 hexadecimal digits */
    static Version of(String inverted) {
        return new Version(~Version.parse(inverted).bits());
    }
}
