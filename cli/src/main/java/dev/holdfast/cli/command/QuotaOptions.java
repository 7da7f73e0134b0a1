package dev.holdfast.cli.command;

import dev.holdfast.cli.http.Failure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How much may be had of a namespace, or of an account. */
final class QuotaOptions {
    private static final String UNITS = "KMGT";

    @Option(
            names = "--max-requests",
            paramLabel = "N/s",
            description = "Requests a second; beyond, they are refused (429). 0 for no bound.")
    private @Nullable String requests;

    @Option(names = "--max-keys", paramLabel = "N", description = "Keys that may be stored. 0 for no bound.")
    private @Nullable String keys;

    @Option(
            names = "--max-bytes",
            paramLabel = "N[KMGT]",
            description = "Bytes of keys, values and metadata that may be stored, such as 10G. 0 for no bound.")
    private @Nullable String bytes;

    void into(ObjectNode body) {
        put(
                body,
                "max_requests",
                requests == null || !requests.endsWith("/s") ? requests : requests.substring(0, requests.length() - 2));
        put(body, "max_keys", keys);
        put(body, "max_bytes", bytes);
    }

    private static void put(ObjectNode body, String field, @Nullable String text) {
        if (text != null) {
            body.put(field, number(text));
        }
    }

    /** With K, M, G or T for powers of 1024. */
    private static long number(String text) {
        String digits = text.toUpperCase(Locale.ROOT);
        int unit = digits.isEmpty() ? -1 : UNITS.indexOf(digits.charAt(digits.length() - 1));
        try {
            long number = Long.parseLong(unit < 0 ? digits : digits.substring(0, digits.length() - 1));
            return Math.multiplyExact(number, 1L << (10 * (unit + 1)));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Failure(
                    Failure.USAGE,
                    "\"" + text + "\" is not a number; write 500, 500/s for requests, or 10G for bytes.");
        }
    }
}
