package dev.holdfast.server.config;

import java.util.List;

/**
 * The port of the operators. It has threads of its own, so that it answers when the data port is saturated.
 *
 * @param threads platform threads that serve it
 */
public record AdminPort(Address listen, int threads) {
    static final Setting<Address> LISTEN = new Setting<>(
            "admin.listen",
            Type.ADDRESS,
            "127.0.0.1:4654",
            "Where the admin port listens. It has its own threads and answers while the data port is saturated.");
    static final Setting<Integer> THREADS =
            new Setting<>("admin.threads", Type.number(4, 256), "8", "How many threads serve the admin port.");
    static final List<Setting<?>> SETTINGS = List.of(LISTEN, THREADS);

    static AdminPort from(Values values) {
        return new AdminPort(values.get(LISTEN), values.get(THREADS));
    }
}
