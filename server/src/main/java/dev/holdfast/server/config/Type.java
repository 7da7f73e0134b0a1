package dev.holdfast.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a setting's text must look like.
 *
 * @param expects what to write, as it stands after "expected" in an error
 * @param reading turns the text into the value, or throws {@link IllegalArgumentException}
 */
public record Type<T>(String expects, Function<String, T> reading) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    public static final Type<Address> ADDRESS =
            new Type<>("host:port, such as 127.0.0.1:4653 (port 0 takes any free one)", Address::parse);
    public static final Type<Path> PATH = new Type<>("a path", Type::path);
    public static final Type<Boolean> BOOLEAN = new Type<>("true or false", Type::truth);

    /** A duration within bounds, both included. */
    public static Type<Duration> duration(Duration least, Duration most) {
        String expects = "a duration from " + text(least) + " to " + text(most) + ", such as 200ms, 30s, 5m, 2h or 7d";
        return new Type<>(expects, text -> {
            Duration value = duration(text);
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException("out of bounds");
            }
            return value;
        });
    }

    /** A size within bounds, both included. */
    public static Type<Size> size(Size least, Size most) {
        return new Type<>("a size from " + least + " to " + most + ", such as 512KiB, 64MiB or 2GiB", text -> {
            Size value = Size.parse(text);
            if (value.bytes() < least.bytes() || value.bytes() > most.bytes()) {
                throw new IllegalArgumentException("out of bounds");
            }
            return value;
        });
    }

    /** A whole number within bounds, both included. */
    public static Type<Integer> number(int least, int most) {
        return new Type<>("a whole number from " + least + " to " + most, text -> {
            int value = Integer.parseInt(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException("out of bounds");
            }
            return value;
        });
    }

    /** One constant of an enum, in lower case with dashes. */
    public static <E extends Enum<E>> Type<E> oneOf(Class<E> constants) {
        E[] all = constants.getEnumConstants();
        String expects = Arrays.stream(all).map(Type::label).collect(Collectors.joining(" or "));
        return new Type<>(
                expects,
                text -> Arrays.stream(all)
                        .filter(constant -> label(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no such choice")));
    }

    /** What {@code type} reads, or nothing when the text is empty. */
    public static <T> Type<Optional<T>> optional(Type<T> type) {
        return new Type<>(
                type.expects, text -> text.isEmpty() ? Optional.empty() : Optional.of(type.reading.apply(text)));
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** A duration in the largest unit that leaves no rest. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0 && seconds > 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0 && seconds > 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("no path");
        }
        return Path.of(text);
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }
}
