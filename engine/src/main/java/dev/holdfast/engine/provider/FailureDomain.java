package dev.holdfast.engine.provider;

/**
 * What can be lost at one stroke. Two homes of a record count as two only when their domains are independent.
 *
 * @param operator who runs it: an account, a company
 * @param region where it stands
 * @param device the disk, host or cluster within the region
 */
public record FailureDomain(String operator, String region, String device) {

    /** Whether losing one for ever may leave the other: they differ in operator, region or device. */
    public boolean independentOf(FailureDomain other) {
        return !equals(other);
    }

    @Override
    public String toString() {
        return operator + "/" + region + "/" + device;
    }
}
