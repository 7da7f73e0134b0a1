package dev.holdfast.bench;

/**
 * One measurement.
 *
 * @param perSecond operations that were answered
 * @param cpuMicros processor time of the measured process by operation
 * @param generatorMicros processor time of the load generator by operation; 0 where the measured process is its own
 * @param failed operations that were not answered, or not with success
 * @param disturbance what of Holdfast was not as it should have been, such as a provider that did not serve all the time; empty for
 *     nothing
 */
record Sample(
        double perSecond,
        double cpuMicros,
        double generatorMicros,
        long medianMicros,
        long p99Micros,
        long failed,
        String disturbance) {

    Sample disturbedBy(String what) {
        return new Sample(perSecond, cpuMicros, generatorMicros, medianMicros, p99Micros, failed, what);
    }
}
