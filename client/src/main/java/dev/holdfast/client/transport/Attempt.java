package dev.holdfast.client.transport;

import java.util.concurrent.Future;

/**
 * A request on its way to one endpoint.
 *
 * @param begun by {@link Time#nanos}
 * @param hedge whether it was sent because another one is slow
 */
record Attempt(Endpoint endpoint, long begun, boolean hedge, Future<?> future) {}
