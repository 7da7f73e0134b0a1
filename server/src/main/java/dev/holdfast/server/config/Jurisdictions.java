package dev.holdfast.server.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names of jurisdictions, as namespaces, providers and nodes have them: equal or not, and nothing else is known of them. */
public final class Jurisdictions {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    static final Type<String> TYPE =
            new Type<>("1 to 32 lower-case letters, digits and dashes, a letter first", Jurisdictions::parse);

    static final Setting<Optional<String>> OF_NODE = new Setting<>(
            "jurisdiction",
            Type.optional(TYPE),
            "",
            "In whose law this node stands, such as eu. It keeps nothing of namespaces with another one, on disk or in"
                    + " its cache: an origin takes no writes of them, an edge passes requests on.");

    private Jurisdictions() {}

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private static String parse(String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException("no jurisdiction");
        }
        return text;
    }
}
