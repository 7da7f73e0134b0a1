package dev.holdfast.engine.incident;

/**
 * How a namespace was hurt in an incident.
 *
 * @param namespace its id
 * @param requests those that came while somebody was hurt
 * @param refused of them, not answered or not known to be done
 * @param stale answered with what may be old
 * @param slow answered later than promised
 * @param worstShare the greatest share of its requests of five seconds that was refused
 */
public record Impact(
        String namespace, int tier, long requests, long refused, long stale, long slow, double worstShare) {
    Impact plus(Impact more) {
        return new Impact(
                namespace,
                more.tier,
                requests + more.requests,
                refused + more.refused,
                stale + more.stale,
                slow + more.slow,
                Math.max(worstShare, more.worstShare));
    }
}
