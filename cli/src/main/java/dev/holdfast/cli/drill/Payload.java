package dev.holdfast.cli.drill;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Values that say which write made them: the key's number, the sequence number of the write, and bytes that follow from
 * both, so that a value altered in any byte, cut short, or taken from another key is told from a good one.
 */
final class Payload {
    /** Two numbers and as much again to know them by. */
    static final int SMALLEST = 32;

    private final int size;

    Payload(int size) {
        this.size = size;
    }

    byte[] of(int key, long sequence) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putLong(key).putLong(sequence);
        long state = mix(key * 0x9e3779b97f4a7c15L ^ sequence);
        while (bytes.remaining() >= Long.BYTES) {
            state = mix(state + 0x9e3779b97f4a7c15L);
            bytes.putLong(state);
        }
        while (bytes.hasRemaining()) {
            bytes.put((byte) (state >>> bytes.remaining()));
        }
        return bytes.array();
    }

    /** The sequence number within {@code value}; empty when this is not, whole and unaltered, a value of {@code key}. */
    OptionalLong sequence(int key, byte[] value) {
        if (value.length != size) {
            return OptionalLong.empty();
        }
        long sequence = ByteBuffer.wrap(value).getLong(Long.BYTES);
        return Arrays.equals(value, of(key, sequence)) ? OptionalLong.of(sequence) : OptionalLong.empty();
    }

    /** SplitMix64's finisher: every bit of the input reaches every bit of the output. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
