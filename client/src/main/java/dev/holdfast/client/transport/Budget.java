package dev.holdfast.client.transport;

/**
 * What may be sent beyond the calls themselves: a share of them, so that a server in trouble gets a little more than its
 * ordinary load and never a multiple of it. A small reserve lets a client that has just begun get past a dead endpoint.
 * Thread-safe.
 */
final class Budget {
    private final double share;
    private final double most;
    private double tokens;

    /**
     * @param share of the calls
     * @param reserve to begin with, and the most that is saved up
     */
    Budget(double share, int reserve) {
        this.share = share;
        this.most = reserve;
        this.tokens = reserve;
    }

    /** A call has begun. */
    synchronized void earn() {
        tokens = Math.min(most, tokens + share);
    }

    synchronized boolean spend() {
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
