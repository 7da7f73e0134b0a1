package dev.holdfast.engine.provider.large;

/** The whole kit with large and small values beside and over each other. */
class SomeAreLargeTest extends AllAreLargeTest {
    @Override
    int over() {
        return 8;
    }

    @Override
    protected int randomRuns() {
        return 50;
    }
}
