package dev.holdfast.bench;

import dev.holdfast.engine.kv.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The keys and values that everything is measured with, and the order in which keys are drawn: the same for whoever is measured.
 *
 * @param draws indices of entries, drawn by Zipf's law; taken from the beginning again when they are used up
 */
public record Load(List<Entry> entries, int[] draws) {
    /** The exponent of YCSB, close to what is seen of real key-value loads. */
    private static final double EXPONENT = 0.99;

    private static final int DRAWS = 1 << 17;
    private static final long SEED = 4653;
    /** Needs no escaping in a URL, a Lua string or a configuration of nginx. */
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final Path ENTRIES = Path.of("entries");
    private static final Path DRAWN = Path.of("draws");

    public record Entry(String key, String value) {
        byte[] keyBytes() {
            return key.getBytes(StandardCharsets.US_ASCII);
        }

        public byte[] valueBytes() {
            return value.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Letters and digits, so that a database can make little less of them. */
    static String value(SplittableRandom random, int bytes) {
        char[] value = new char[bytes];
        for (int i = 0; i < bytes; i++) {
            value[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return new String(value);
    }

    /** Always draws the same. */
    public static Load draw(int keys, int valueBytes) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Entry> entries = new ArrayList<>(keys);
        for (int i = 0; i < keys; i++) {
            entries.add(new Entry(String.format(Locale.ROOT, "object-%08d", i), value(random, valueBytes)));
        }
        // The popular keys must not be neighbours in the database.
        Collections.shuffle(entries, new Random(SEED));
        double[] upTo = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1 / Math.pow(i + 1.0, EXPONENT);
            upTo[i] = sum;
        }
        double total = sum;
        int[] draws = IntStream.range(0, DRAWS)
                .map(i -> Arrays.binarySearch(upTo, random.nextDouble() * total))
                .map(at -> Math.min(keys - 1, at < 0 ? -at - 1 : at))
                .toArray();
        return new Load(entries, draws);
    }

    public Entry drawn(int number) {
        return entries.get(draws[Math.floorMod(number, draws.length)]);
    }

    /** The keys in the order of the draws; a power of two of them. */
    public Key[] drawnKeys() {
        List<Key> keys = entries.stream().map(entry -> Key.of(entry.key)).toList();
        return Arrays.stream(draws).mapToObj(keys::get).toArray(Key[]::new);
    }

    /** Puts the load into a folder, where generators in other languages and processes find it. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(
                folder.resolve(ENTRIES),
                entries.stream().map(entry -> entry.key + "\t" + entry.value).toList());
        Files.write(
                folder.resolve(DRAWN),
                Arrays.stream(draws).mapToObj(Integer::toString).toList());
    }

    /** Where {@link #write} puts the draws, a number a line. */
    static Path draws(Path folder) {
        return folder.resolve(DRAWN);
    }

    static Load read(Path folder) throws IOException {
        List<Entry> entries = Files.readAllLines(folder.resolve(ENTRIES)).stream()
                .map(line -> line.split("\t", 2))
                .map(parts -> new Entry(parts[0], parts[1]))
                .toList();
        int[] draws = Files.readAllLines(folder.resolve(DRAWN)).stream()
                .mapToInt(Integer::parseInt)
                .toArray();
        return new Load(entries, draws);
    }
}
