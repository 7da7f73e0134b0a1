package dev.holdfast.server.config;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.OnOutage;
import java.time.Duration;
import java.util.List;

/**
 * What a new namespace gets that does not say otherwise.
 *
 * @param undo how long a deleted namespace can be restored
 */
public record NamespaceDefaults(Namespace.Policy policy, Duration undo) {
    static final Setting<Integer> DURABILITY = new Setting<>(
            "namespaces.durability",
            Type.number(1, 16),
            "2",
            "In how many independent failure domains a write must be durable before it is acknowledged.");
    static final Setting<WhenShort> WHEN_SHORT = new Setting<>(
            "namespaces.when-short",
            Type.oneOf(WhenShort.class),
            "ack-marked",
            "What becomes of a write when fewer independent domains exist: acknowledged with a marked receipt, or"
                    + " refused.");
    static final Setting<Boolean> DARK_WRITES = new Setting<>(
            "namespaces.dark-writes",
            Type.BOOLEAN,
            "false",
            "Whether a write may be acknowledged by the hint log alone while every provider is dead.");
    static final Setting<OnOutage> ON_OUTAGE = new Setting<>(
            "namespaces.on-outage",
            new Type<>("stale, stale(10m), closed or default(text)", OnOutage::parse),
            "stale",
            "What readers get while nobody can be asked: the newest value known, the same if it is not too old,"
                    + " nothing, or a default for keys of which none is known.");
    static final Setting<Duration> UNDO = new Setting<>(
            "namespaces.undo",
            Type.duration(Duration.ZERO, Duration.ofDays(365)),
            "7d",
            "How long the deletion of a namespace can be undone; its data is kept that long.");
    static final List<Setting<?>> SETTINGS = List.of(DURABILITY, WHEN_SHORT, DARK_WRITES, ON_OUTAGE, UNDO);

    static NamespaceDefaults from(Values values) {
        return new NamespaceDefaults(
                new Namespace.Policy(
                        values.get(DURABILITY), values.get(WHEN_SHORT), values.get(DARK_WRITES), values.get(ON_OUTAGE)),
                values.get(UNDO));
    }
}
