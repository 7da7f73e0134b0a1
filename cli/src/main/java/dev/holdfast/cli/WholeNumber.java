package dev.holdfast.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers, and says of what is none that it is none: picocli would name the Java type. */
final class WholeNumber {
    private WholeNumber() {}

    /** Has all commands read them so. */
    static void teach(CommandLine commands) {
        commands.registerConverter(Integer.class, reader(Integer::valueOf))
                .registerConverter(int.class, reader(Integer::valueOf))
                .registerConverter(Long.class, reader(Long::valueOf))
                .registerConverter(long.class, reader(Long::valueOf));
    }

    private static <T> ITypeConverter<T> reader(Function<String, T> read) {
        return written -> {
            try {
                return read.apply(written.strip());
            } catch (NumberFormatException e) {
                boolean digits = written.strip().matches("[-+]?[0-9]+");
                throw new TypeConversionException((digits ? "is too large: " : "must be a whole number, and is \"")
                        + written
                        + (digits ? "" : "\""));
            }
        };
    }
}
