package dev.holdfast.engine.kv;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Seeded makers of keys, versions and records, weighted towards what breaks things. A property that fails names its seed; set
 * the system property {@code seed} to run that one again.
 */
public final class Generators {
    /** Every awkward key that has broken something somewhere. */
    public static final List<Key> AWKWARD_KEYS = List.of(
            Key.of("a"),
            Key.of("a//b"),
            Key.of("../up"),
            Key.of("..."),
            Key.of("tr/"),
            Key.of("/"),
            Key.of("//"),
            Key.of(" "),
            Key.of("a b+c%2Fd?e#f"),
            Key.of("\u0000"),
            Key.of("a\u0000"),
            Key.of("a\u0000b"),
            Key.of("\u0001"),
            Key.of("\u007f"),
            Key.of("\u00ff"),
            Key.of("\uffff"),
            Key.of("\u00e9"),
            Key.of("e\u0301"),
            Key.of("\ud83d\ude80"),
            Key.of("\udbff\udfff"),
            Key.of("\n\r\t"),
            Key.of("k".repeat(Limits.KEY_BYTES)),
            Key.of("\ud83d\ude80".repeat(Limits.KEY_BYTES / 4)));

    private final Random random;

    public Generators(long seed) {
        this.random = new Random(seed);
    }

    /** Runs a property for many seeds and names the one that fails. */
    public static void forSeeds(int times, Consumer<Generators> property) {
        String chosen = System.getProperty("seed");
        long first = chosen != null ? Long.parseLong(chosen) : new Random().nextLong();
        for (int i = 0; i < (chosen != null ? 1 : times); i++) {
            long seed = first + i;
            try {
                property.accept(new Generators(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("failed with -Dseed=" + seed, e);
            }
        }
    }

    public Random random() {
        return random;
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** One of few, so that collisions happen. */
    public Key key() {
        if (random.nextInt(3) == 0) {
            return oneOf(AWKWARD_KEYS);
        }
        return Key.of("k" + random.nextInt(20) + (random.nextBoolean() ? "/" + random.nextInt(3) : ""));
    }

    /** Any legal key. */
    public Key anyKey() {
        while (true) {
            StringBuilder name = new StringBuilder();
            int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 120 : 12);
            for (int i = 0; i < length; i++) {
                int bound = List.of(0x80, 0x800, 0xd800, 0x110000).get(random.nextInt(4));
                int codePoint = random.nextInt(bound);
                name.appendCodePoint(codePoint >= 0xd800 && codePoint < 0xe000 ? 'x' : codePoint);
            }
            byte[] utf8 = name.toString().getBytes(StandardCharsets.UTF_8);
            if (utf8.length <= Limits.KEY_BYTES && !List.of(".", "..").contains(name.toString())) {
                return Key.of(utf8);
            }
        }
    }

    public NamespaceId namespace() {
        return new NamespaceId(random.nextLong(), random.nextLong());
    }

    /** One of few, so that equal and neighbouring ones happen. */
    public Version version() {
        return Version.of(1_700_000_000_000L + random.nextInt(4), random.nextInt(3), random.nextInt(3));
    }

    /** Any of the 64 bits. */
    public Version anyVersion() {
        return switch (random.nextInt(6)) {
            case 0 -> new Version(random.nextInt(3));
            case 1 -> new Version(-1L - random.nextInt(3));
            case 2 -> new Version(Long.MIN_VALUE + random.nextInt(3) - 1);
            default -> new Version(random.nextLong());
        };
    }

    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A record at the version: a tombstone, an expiring one, one with metadata, an empty one, or a plain one. */
    public Record record(Version version) {
        byte[] nothing = {};
        return switch (random.nextInt(6)) {
            case 0 -> Record.tombstone(version);
            case 1 -> Record.of(version, 1 + random.nextInt(2), nothing, bytes(random.nextInt(3)));
            case 2 -> Record.of(version, 4_000_000_000L, metadata(), bytes(random.nextInt(600)));
            case 3 -> Record.of(version, nothing);
            case 4 -> Record.of(version, new byte[] {(byte) random.nextInt(2)});
            default -> Record.of(version, Record.NEVER, metadata(), bytes(random.nextInt(600)));
        };
    }

    private byte[] metadata() {
        return ("{\"n\":" + random.nextInt(3) + "}").getBytes(StandardCharsets.UTF_8);
    }
}
