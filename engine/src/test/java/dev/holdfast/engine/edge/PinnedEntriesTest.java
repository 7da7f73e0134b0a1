package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.SystemTime;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PinnedEntriesTest {
    private static final long MILLIS = 1_800_000_000_000L;

    private final AtomicLong taken = new AtomicLong();
    private final PinnedEntries entries = new PinnedEntries(new PinnedWants(new SystemTime()), taken::addAndGet);

    private static Record drawn(SplittableRandom random) {
        Version version = Version.of(MILLIS + random.nextInt(10_000), 0, 7);
        long expiration = random.nextBoolean() ? Record.NEVER : MILLIS / 1_000 + random.nextInt(-100, 100);
        return random.nextInt(3) == 0
                ? Record.tombstone(version)
                : Record.of(version, expiration, new byte[0], new byte[random.nextInt(100)]);
    }

    @Test
    void theCountOfLivingKeysAndTheirWeightAreThoseOfWhatIsHere() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 5_000; i++) {
            Key key = Key.of("k" + random.nextInt(50));
            if (random.nextInt(5) == 0) {
                entries.remove(key);
            } else {
                entries.put(key, new Entry(drawn(random), i, MILLIS, Entry.MEMORY), true);
            }
            long now = MILLIS + random.nextLong(-120_000, 120_000);
            AtomicLong living = new AtomicLong();
            AtomicLong weight = new AtomicLong();
            entries.forEach((each, entry) -> {
                living.addAndGet(entry.record.alive(now) ? 1 : 0);
                weight.addAndGet(entry.weight(each.bytes().length));
            });
            assertThat(entries.living(now)).isEqualTo(living.get());
            assertThat(entries.bytes()).isEqualTo(weight.get()).isEqualTo(taken.get());
        }
        entries.giveUp();
        assertThat(taken.get()).isZero();
        entries.clear();
        assertThat(entries.living(0)).isZero();
    }
}
