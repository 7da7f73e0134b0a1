package dev.holdfast.simulation.world;

import dev.holdfast.client.Answer;
import dev.holdfast.client.Freshness.Source;
import dev.holdfast.client.HoldfastException;
import dev.holdfast.client.Namespace;
import dev.holdfast.client.PutOptions;
import dev.holdfast.client.ReadMode;
import dev.holdfast.client.Value;
import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Who asks the client of an application. The client keeps the session itself.
 *
 * @param made where each acknowledged write stands in its origin's log, as the world knows
 */
record ClientCaller(Namespace namespace, Map<Version, Point> made) implements Caller {
    private static final byte[] NOTHING = {};

    @Override
    public NearAnswer read(Key key, List<Point> session) {
        return answer(key, ReadMode.NEAR);
    }

    @Override
    public NearAnswer confirmed(Key key) {
        return answer(key, ReadMode.CONFIRMED);
    }

    private NearAnswer answer(Key key, ReadMode mode) {
        try {
            return near(namespace.get(key.toString(), mode), mode);
        } catch (HoldfastException why) {
            Refusal refusal = new Refusal(Reason.NO_PROVIDER, why.code());
            return new NearAnswer(new Store.Answer.Unavailable(refusal), CacheStatus.MISS, 0);
        }
    }

    private static NearAnswer near(Answer answer, ReadMode mode) {
        dev.holdfast.client.Freshness freshness = answer.freshness();
        boolean memory = freshness.source() == Source.MEMORY;
        Store.Freshness fresh = new Store.Freshness(
                memory ? "memory" : "origin", freshness.confirmed() && !freshness.lastKnownGood(), "");
        Value value = answer.found();
        Store.Answer found = value == null
                ? new Store.Answer.Missing(Version.NONE, fresh)
                : new Store.Answer.Found(record(value), fresh);
        return new NearAnswer(
                found, status(freshness, memory, mode), freshness.age().toMillis());
    }

    private static CacheStatus status(dev.holdfast.client.Freshness freshness, boolean memory, ReadMode mode) {
        if (mode != ReadMode.NEAR) {
            return CacheStatus.BYPASS;
        }
        if (freshness.lastKnownGood()) {
            return CacheStatus.STALE;
        }
        return memory ? CacheStatus.HIT : CacheStatus.MISS;
    }

    private static Record record(Value value) {
        long expiration = value.expiration().map(Instant::getEpochSecond).orElse(Record.NEVER);
        return Record.of(Version.parse(value.version().hex()), expiration, NOTHING, value.bytes());
    }

    @Override
    public Written put(Key key, byte[] value, long expiration) {
        PutOptions options = expiration == Record.NEVER
                ? PutOptions.DEFAULT
                : PutOptions.DEFAULT.expiresAt(Instant.ofEpochSecond(expiration));
        return written(() -> namespace.put(key.toString(), value, options));
    }

    @Override
    public Written delete(Key key) {
        return written(() -> namespace.delete(key.toString()));
    }

    private Written written(Supplier<dev.holdfast.client.Receipt> work) {
        try {
            dev.holdfast.client.Receipt receipt = work.get();
            Version version = Version.parse(receipt.version().hex());
            return new Written.Acknowledged(new Store.Receipt(
                    version,
                    receipt.homes(),
                    receipt.hinted(),
                    receipt.domains(),
                    receipt.fewerThanAsked(),
                    Objects.requireNonNull(made.get(version), "an origin has made it")));
        } catch (HoldfastException why) {
            Refusal refusal = new Refusal(Reason.NO_PROVIDER, why.code());
            return why.mayHaveHappened() ? new Written.Unknown(refusal) : new Written.Refused(refusal);
        }
    }
}
