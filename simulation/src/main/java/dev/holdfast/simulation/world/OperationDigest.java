package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.scheduler.Digest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the digest of a run all that a call asked and was answered, number by number: put into words first, as a story tells it,
 * a run spent a twentieth of its time on that.
 */
final class OperationDigest {
    private final Digest digest;

    OperationDigest(Digest digest) {
        this.digest = digest;
    }

    void add(Operation operation) {
        digest.add(operation.beginNanos());
        digest.add(operation.endNanos());
        digest.add(operation.client());
        digest.add(operation.node());
        if (!operation.via().isEmpty()) {
            digest.add(operation.via());
        }
        digest.add(operation.kind().name());
        digest.add(operation.key().hashCode());
        digest.add(operation.value());
        digest.add(operation.expiresNanos());
        add(operation.condition());
        switch (operation.outcome()) {
            case Outcome.Lost lost -> digest.add(0);
            case Outcome.Read(Store.Answer answer) -> add(answer);
            case Outcome.Wrote(Store.Written written) -> add(written);
            case Outcome.Listed(Store.Listing listing) -> add(listing);
        }
    }

    void add(NearRead read) {
        digest.add(read.beginNanos());
        digest.add(read.endNanos());
        digest.add(read.client());
        digest.add(read.place());
        digest.add(read.key().hashCode());
        NearAnswer near = read.answer();
        if (near != null) {
            digest.add(near.status().name());
            digest.add(near.ageMillis());
            add(near.answer());
        }
    }

    private void add(Store.Condition condition) {
        switch (condition) {
            case Store.Condition.None none -> digest.add(0);
            case Store.Condition.Exists exists -> digest.add(1);
            case Store.Condition.Absent absent -> digest.add(2);
            case Store.Condition.Matches(Version version) -> add(3, version);
        }
    }

    private void add(Store.Answer answer) {
        switch (answer) {
            case Store.Answer.Found(Record record, Store.Freshness freshness) -> {
                add(1, record.version());
                digest.add(Arrays.hashCode(record.value()));
                add(freshness);
            }
            case Store.Answer.Missing(Version asOf, Store.Freshness freshness) -> {
                add(2, asOf);
                add(freshness);
            }
            case Store.Answer.Unavailable(Store.Refusal why) -> add(3, why);
        }
    }

    private void add(Store.Freshness freshness) {
        digest.add(freshness.source());
        digest.add(freshness.confirmed() ? 1 : 0);
        digest.add(freshness.note());
    }

    private void add(Store.Written written) {
        switch (written) {
            case Store.Written.Acknowledged(Store.Receipt receipt) -> {
                add(4, receipt.version());
                digest.add(receipt.domains());
                digest.add(receipt.shortOf() ? 1 : 0);
                receipt.homes().forEach(digest::add);
                digest.add(receipt.homes().size());
                receipt.hinted().forEach(digest::add);
                digest.add(receipt.hinted().size());
            }
            case Store.Written.ConditionFailed(@Nullable Version current) -> add(5, current);
            case Store.Written.Refused(Store.Refusal why) -> add(6, why);
            case Store.Written.Unknown(Store.Refusal why) -> add(7, why);
        }
    }

    private void add(Store.Listing listing) {
        switch (listing) {
            case Store.Listing.Keys keys -> {
                digest.add(keys.confirmed() ? 8 : 9);
                for (Store.Listed listed : keys.keys()) {
                    add(listed.key().hashCode(), listed.head().version());
                }
            }
            case Store.Listing.Unavailable(Store.Refusal why) -> add(10, why);
        }
    }

    private void add(int what, Store.Refusal why) {
        digest.add(what);
        digest.add(why.reason().name());
        digest.add(why.sentence());
    }

    private void add(int what, @Nullable Version version) {
        digest.add(what);
        digest.add(version == null ? 0 : version.bits());
    }
}
