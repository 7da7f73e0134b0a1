package dev.holdfast.engine.provider;

import java.util.Locale;

/** The operations of a {@link Provider}, as faults tell them apart. */
public enum Operation {
    GET,
    SIGHT,
    /** Put-if-newer, raising a floor, initialising. */
    PUT,
    SCAN,
    /** The probe, the identity, reading a floor. */
    PROBE,
    COLLECT;

    /** The name as people write it: {@code get}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming the operations there are */
    public static Operation parse(String label) {
        for (Operation operation : values()) {
            if (operation.label().equals(label)) {
                return operation;
            }
        }
        StringBuilder all = new StringBuilder();
        for (Operation operation : values()) {
            all.append(all.isEmpty() ? "" : ", ").append(operation.label());
        }
        throw new IllegalArgumentException("no operation \"" + label + "\"; there are: " + all);
    }
}
