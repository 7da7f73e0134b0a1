package dev.holdfast.server.config;

/** How much of a disk: a number of bytes, or a share of the whole. */
public sealed interface Space {

    /** So many bytes, whatever the size of the disk. */
    record Fixed(Size size) implements Space {}

    /** So many hundredths of the disk. */
    record Percent(int percent) implements Space {}

    /** @throws IllegalArgumentException when {@code text} is neither {@code 512MiB} nor {@code 5%} */
    static Space parse(String text) {
        if (!text.endsWith("%")) {
            return new Fixed(Size.parse(text));
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        if (percent < 0 || percent > 50) {
            throw new IllegalArgumentException("not between 0% and 50%");
        }
        return new Percent(percent);
    }

    /** The bytes that this is on a disk of {@code diskBytes}. */
    default long of(long diskBytes) {
        return switch (this) {
            case Fixed fixed -> fixed.size().bytes();
            case Percent share -> diskBytes / 100 * share.percent();
        };
    }
}
