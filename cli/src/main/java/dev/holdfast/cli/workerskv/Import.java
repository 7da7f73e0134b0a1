package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.Sending;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The import of one namespace, which is run again and again. Used by one thread.
 *
 * @param namespace its id at Workers KV
 * @param path of the namespace here
 * @param of what is imported from where to where
 * @param book where it notes what it has done
 */
public record Import(
        Shell shell,
        Source source,
        Sending sending,
        Choice choice,
        String namespace,
        String path,
        String of,
        Path book) {

    /**
     * What a person has chosen, for all namespaces alike; see {@code holdfast workers-kv import --help}.
     *
     * @param atOnce requests
     * @param exact whether every value is read by itself
     * @param verify whether all values are read
     * @param delete whether keys that are gone there are deleted here
     */
    public record Choice(
            String prefix,
            int atOnce,
            boolean exact,
            boolean verify,
            boolean delete,
            boolean overwrite,
            boolean dryRun) {}

    /** Runs it once; one that was killed is gone on with. */
    public Tally run() throws IOException, InterruptedException {
        try (Book notes = Book.open(book, of, !choice.dryRun(), this::begin)) {
            if (notes.resumed()) {
                sending.remark().accept("Going on after the key \"" + Words.visible(notes.lastKey()) + "\".");
            }
            try (Progress progress =
                    new Progress(shell, choice.dryRun() ? "Looking" : "Importing", "keys", notes.keysBefore())) {
                return new Sync(this, notes).run(progress);
            }
        }
    }

    /** As of when keys count as written here: whatever was written or deleted here later stays. */
    private String begin() throws InterruptedException {
        return Json.text(Target.begin(sending, path, choice.dryRun()), "at", "");
    }
}
