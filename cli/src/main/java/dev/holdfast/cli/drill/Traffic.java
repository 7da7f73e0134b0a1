package dev.holdfast.cli.drill;

/**
 * The requests of a load. Of the writes, one in ten deletes; of the reads, one in fifty asks for a key that nobody ever
 * writes, and one in two hundred is a listing.
 *
 * @param connections requests under way at once
 * @param keys how many keys are read and written, some far more often than others
 * @param readShare share of requests that read, 0 to 1
 * @param valueBytes size of each value
 * @param seed of the choice of keys
 */
public record Traffic(int connections, int keys, double readShare, int valueBytes, long seed) {
    static final double DELETES_OF_WRITES = 0.1;
    static final double UNKNOWN_OF_READS = 0.02;
    static final double LISTS_OF_READS = 0.005;

    /** 16 connections, 90 % reads of 1,000 keys of 288 bytes. */
    public static final Traffic DEFAULT = new Traffic(16, 1_000, 0.9, 288, 1);

    public Traffic {
        require(connections >= 1 && connections <= 4_096, "connections are 1 to 4096, not " + connections);
        require(keys >= 1 && keys <= 1_000_000, "keys are 1 to 1000000, not " + keys);
        require(readShare >= 0 && readShare <= 1, "the share of reads is 0 to 1, not " + readShare);
        require(
                valueBytes >= Payload.SMALLEST,
                "values have " + Payload.SMALLEST + " bytes or more, not " + valueBytes);
    }

    public Traffic withConnections(int number) {
        return new Traffic(number, keys, readShare, valueBytes, seed);
    }

    public Traffic withKeys(int number) {
        return new Traffic(connections, number, readShare, valueBytes, seed);
    }

    public Traffic withReadShare(double share) {
        return new Traffic(connections, keys, share, valueBytes, seed);
    }

    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
