package dev.holdfast.bench;

import java.io.IOException;

/** Something that is measured in every round. */
record Case(String id, String subject, String operation, Measured measured) {
    @FunctionalInterface
    interface Measured {
        Sample run(int seconds) throws IOException, InterruptedException;
    }
}
