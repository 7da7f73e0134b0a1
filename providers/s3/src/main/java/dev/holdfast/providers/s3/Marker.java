package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The object {@code HOLDFAST}, which says whose place this is. Without it there is no place, whatever else is there. */
final class Marker {
    static final String NAME = "HOLDFAST";
    private static final String FORMAT = "holdfast place, format 1";

    private final Bucket bucket;
    private final String object;

    /** @param prefix of all names, with a slash at its end unless it is empty */
    Marker(Bucket bucket, String prefix) {
        this.bucket = bucket;
        this.object = prefix + NAME;
    }

    Optional<Identity> read() throws ProviderFault {
        Optional<byte[]> text = bucket.get(object);
        return text.isEmpty() ? Optional.empty() : Optional.of(parse(text.get()));
    }

    private Identity parse(byte[] text) throws ProviderFault {
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() != 3
                || !lines.get(0).equals(FORMAT)
                || !lines.get(1).matches("id [0-9a-f]{32}")
                || !lines.get(2).matches("generation [0-9]{1,18}")) {
            throw new ProviderFault(
                    FaultKind.CORRUPT, object + " in " + bucket.place() + " is not a marker of a holdfast place");
        }
        return new Identity(
                lines.get(1).substring("id ".length()),
                Long.parseLong(lines.get(2).substring("generation ".length())));
    }

    /** @return false when there is one already */
    boolean make(Identity identity) throws ProviderFault {
        String text = FORMAT + "\nid " + identity.id() + "\ngeneration " + identity.generation() + "\n";
        return bucket.make(object, text.getBytes(StandardCharsets.UTF_8));
    }
}
