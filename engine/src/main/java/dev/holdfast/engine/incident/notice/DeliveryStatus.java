package dev.holdfast.engine.incident.notice;

/**
 * How it goes with one receiver of notices.
 *
 * @param delivered notices that have arrived since the start
 * @param failed attempts that have not
 * @param givenUp notices that were not tried any more
 * @param waiting incidents of which something is to be told
 * @param deliveredAt when the last arrived, in milliseconds since the Unix epoch; 0 for none
 * @param problem why the last attempt failed, in a sentence without its full stop; empty when it did not
 */
public record DeliveryStatus(
        String name, long delivered, long failed, long givenUp, int waiting, long deliveredAt, String problem) {}
