package dev.holdfast.server.rest;

import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Metadata;
import dev.holdfast.server.compat.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A value with metadata, as a multipart form holds them. Parts of other names are ignored.
 *
 * @param metadata as sent; empty for none
 */
record Form(byte[] value, byte[] metadata) {
    private static final int MOST_PARTS = 100;

    static Form parse(byte[] body, String contentType) throws Refused {
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null) {
            throw malformed("its Content-Type names no boundary");
        }
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
        parser.setMaxParts(MOST_PARTS);
        parser.setMaxMemoryFileSize(-1);
        CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
        parser.parse(Content.Source.from(ByteBuffer.wrap(body)), Promise.Invocable.toPromise(parsed));
        try (MultiPartFormData.Parts parts = parsed.join()) {
            byte[] value = bytes(parts.getFirst("value"));
            if (value == null) {
                throw malformed("it has no field 'value'");
            }
            byte[] metadata = bytes(parts.getFirst("metadata"));
            return new Form(value, metadata == null ? Metadata.NONE : metadata);
        } catch (CompletionException | IOException e) {
            throw malformed("its parts are not divided as its Content-Type says");
        }
    }

    private static byte @Nullable [] bytes(MultiPart.@Nullable Part part) throws IOException {
        if (part == null) {
            return null;
        }
        ByteBuffer content = Content.Source.asByteBuffer(part.createContentSource());
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private static Refused malformed(String why) {
        return Refused.bad(Codes.MALFORMED_VALUE, "the multipart form cannot be read: " + why);
    }
}
