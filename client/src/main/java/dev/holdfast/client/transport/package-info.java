/**
 * The way to servers: calls with deadlines over several endpoints, each with its health, with retries and hedges inside
 * budgets. It knows HTTP and nothing of keys and values.
 */
@NullMarked
package dev.holdfast.client.transport;

import org.jspecify.annotations.NullMarked;
