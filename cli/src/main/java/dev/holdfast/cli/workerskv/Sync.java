package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.portability.ExportStream;
import dev.holdfast.cli.workerskv.Tally.Fate;
import dev.holdfast.server.workerskv.Content;
import dev.holdfast.server.workerskv.WorkersKv.Listed;
import dev.holdfast.server.workerskv.WorkersKv.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a namespace: what Workers KV lists, held against what the last pass has noted, both in the order of keys. Used by one thread.
 */
final class Sync {
    private final Source source;
    private final String namespace;
    private final Import.Choice choice;
    private final Book book;
    private final Tally tally = new Tally();
    private final Target target;
    private final Values values;
    private final @Nullable HereKeys here;
    private String last = "";

    /** A key in its turn: one to be read, if it is listed; otherwise one that stays as noted. */
    private record Turn(@Nullable Listed listed, @Nullable Known before) {}

    Sync(Import work, Book book) {
        this.source = work.source();
        this.namespace = work.namespace();
        this.choice = work.choice();
        this.book = book;
        this.target = new Target(work.sending(), work.path(), choice.overwrite(), choice.dryRun(), book, tally);
        this.values = new Values(source, namespace, choice.atOnce(), choice.exact());
        this.here = choice.verify()
                ? new HereKeys(new ExportStream(
                        work.sending().store(),
                        new ExportStream.Wish(work.path(), choice.prefix(), false, 0),
                        book.lastKey(),
                        work.sending().remark()))
                : null;
    }

    Tally run(Progress progress) throws IOException, InterruptedException {
        try {
            String cursor = book.cursor();
            Optional<Page> page = source.keys(namespace, choice.prefix(), cursor);
            if (page.isEmpty()) {
                // What is done is listed once more, and passed over.
                page = source.keys(namespace, choice.prefix(), null);
            }
            while (page.isPresent()) {
                one(page.get());
                progress.at(tally.keys());
                cursor = page.get().cursor();
                if (cursor == null) {
                    break;
                }
                page = source.keys(namespace, choice.prefix(), cursor);
                if (page.isEmpty()) {
                    throw new Failure(
                            Failure.FAILED,
                            "Workers KV does not know its own cursor any more. Run this again: it goes on.");
                }
            }
            List<Turn> rest = new ArrayList<>();
            goneBefore(null, rest);
            take(rest);
            target.flush();
            book.finish();
            return tally;
        } finally {
            if (here != null) {
                here.close();
            }
        }
    }

    private void one(Page page) throws IOException, InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (Listed key : page.keys()) {
            if (!last.isEmpty() && Known.ORDER.compare(key.key(), last) <= 0) {
                throw new Failure(
                        Failure.FAILED,
                        "Workers KV lists keys out of order, by which this import would lose some. Please report it.");
            }
            last = key.key();
            if (!book.past(key.key())) {
                turns.add(turn(key, turns));
            }
        }
        take(turns);
        target.flush();
        if (page.cursor() != null && !last.isEmpty() && !book.past(last)) {
            book.page(page.cursor(), last);
        }
    }

    private Turn turn(Listed key, List<Turn> turns) throws IOException, InterruptedException {
        goneBefore(key.key(), turns);
        Known before = book.peek();
        if (before == null || !before.key().equals(key.key())) {
            return new Turn(key, null);
        }
        book.advance();
        boolean asBefore =
                before.expiration() == key.expiration() && before.metadata().equals(Known.checksum(key.metadata()));
        if (asBefore && !choice.verify()) {
            tally.count(Fate.UNREAD);
            return new Turn(null, before);
        }
        return new Turn(key, before);
    }

    /** What the last pass has noted before a key, and is not listed any more. */
    private void goneBefore(@Nullable String key, List<Turn> turns) throws IOException, InterruptedException {
        for (Known known = book.peek(); known != null; known = book.peek()) {
            if (key != null && Known.ORDER.compare(known.key(), key) >= 0) {
                return;
            }
            book.advance();
            if (gone(known)) {
                turns.add(new Turn(null, known));
            }
        }
    }

    /** @return whether it is still to be noted */
    private boolean gone(Known known) throws InterruptedException {
        if (known.expiration() != 0 && known.expiration() <= System.currentTimeMillis() / 1_000) {
            tally.count(Fate.EXPIRED);
            return false;
        }
        if (!choice.delete()) {
            tally.count(Fate.GONE);
            return true;
        }
        // A list may lag behind; the word of the key itself is asked for before anything is deleted.
        Listed asked = new Listed(known.key(), known.expiration(), new byte[0]);
        if (source.value(namespace, asked).isPresent()) {
            tally.count(Fate.UNREAD);
            return true;
        }
        boolean deleted = known.version() != null && target.delete(known.key(), known.version());
        tally.count(deleted ? Fate.DELETED : Fate.KEPT);
        return false;
    }

    private void take(List<Turn> turns) throws IOException, InterruptedException {
        List<Listed> read = new ArrayList<>();
        for (Turn turn : turns) {
            if (turn.listed() != null) {
                read.add(turn.listed());
            }
        }
        Iterator<Turn> order = turns.iterator();
        values.read(read, (_, content) -> read(toNextRead(order), content));
        toNextRead(order);
    }

    /** Carries on what is before it. @return null at the end */
    private @Nullable Turn toNextRead(Iterator<Turn> order) {
        while (order.hasNext()) {
            Turn turn = order.next();
            if (turn.listed() != null) {
                return turn;
            }
            if (turn.before() != null) {
                target.carry(turn.before());
            }
        }
        return null;
    }

    private void read(@Nullable Turn turn, Optional<Content> content) throws IOException, InterruptedException {
        if (turn == null || turn.listed() == null) {
            throw new IllegalStateException("more was read than asked for");
        }
        String key = turn.listed().key();
        Known before = turn.before();
        if (content.isEmpty()) {
            // Gone since it was listed, or a list that lags: the next pass knows.
            tally.count(expired(turn.listed().expiration()) ? Fate.EXPIRED : Fate.GONE);
            if (before != null) {
                target.carry(before);
            }
            return;
        }
        Content held = content.get();
        tally.read(held.value().length);
        if (before == null || !before.print().equals(held.print())) {
            target.write(key, held, before);
            return;
        }
        boolean asWritten =
                here == null || (before.version() != null && before.version().equals(here.version(key)));
        tally.count(asWritten ? Fate.SAME : Fate.DIFFERS);
        target.carry(before);
    }

    private static boolean expired(long expiration) {
        return expiration != 0 && expiration <= System.currentTimeMillis() / 1_000;
    }
}
