package dev.holdfast.client.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes of what a segment holds. What they are about comes first, so that it can be read without the value. */
final class Entries {
    private static final int PUT = 1;
    private static final int TOUCH = 2;
    private static final int FORGET = 3;
    private static final int PRESENT = 1;
    private static final int CONFIRMED = 2;

    private Entries() {}

    /** One entry of a segment. */
    sealed interface Entry {
        Place place();
    }

    record Put(Place place, Known known) implements Entry {}

    /** The server was asked again and it is still so; or it was learned that it is not. */
    record Touch(Place place, long vouchedAt, boolean doubted) implements Entry {}

    record Forget(Place place) implements Entry {}

    static byte[] bytes(Entry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(
                    switch (entry) {
                        case Put _ -> PUT;
                        case Touch _ -> TOUCH;
                        case Forget _ -> FORGET;
                    });
            text(out, entry.place().namespace());
            text(out, entry.place().key());
            switch (entry) {
                case Put put -> known(out, put.known());
                case Touch touch -> {
                    out.writeLong(touch.vouchedAt());
                    out.writeBoolean(touch.doubted());
                }
                case Forget _ -> {
                    // The key says it all.
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void known(DataOutputStream out, Known known) throws IOException {
        text(out, known.version());
        out.writeByte((known.present() ? PRESENT : 0) | (known.confirmed() ? CONFIRMED : 0));
        out.writeLong(known.vouchedAt());
        out.writeLong(known.expiration());
        text(out, known.metadata());
        text(out, known.home());
        out.write(known.value());
    }

    /** @return null when these bytes are none; they have a checksum, so they were written by something else */
    static @Nullable Entry read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readUnsignedByte();
            Place place = new Place(text(in), text(in));
            return switch (kind) {
                case PUT -> {
                    String version = text(in);
                    int flags = in.readUnsignedByte();
                    long vouchedAt = in.readLong();
                    long expiration = in.readLong();
                    String metadata = text(in);
                    String home = text(in);
                    yield new Put(
                            place,
                            new Known(
                                    version,
                                    (flags & PRESENT) != 0,
                                    in.readAllBytes(),
                                    metadata,
                                    expiration,
                                    home,
                                    (flags & CONFIRMED) != 0,
                                    vouchedAt));
                }
                case TOUCH -> new Touch(place, in.readLong(), in.readBoolean());
                case FORGET -> new Forget(place);
                default -> null;
            };
        } catch (IOException tooShort) {
            return null;
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = length < 0 || length > in.available() ? new byte[0] : in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("cut off");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
