package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Holds;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.server.v1.ImportMarks;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may be writing to a namespace at versions of long ago. What is acknowledged so after a restore into it began looks as if it had been there
 * before, and would be undone. Thread-safe.
 */
public final class OldVersions {
    private final SystemRecords records;
    private final ImportMarks imports;
    private final Predicate<Namespace> upstream;

    /** @param upstream whether this node takes what a namespace does not have from elsewhere */
    public OldVersions(SystemRecords records, ImportMarks imports, Predicate<Namespace> upstream) {
        this.records = records;
        this.imports = imports;
        this.upstream = upstream;
    }

    /** Why nothing is restored into it now, and what to do; empty when nobody writes so. */
    Optional<String> writtenIn(Namespace into) {
        Optional<List<ImportMarks.Begun>> importing = imports.underWay(into.id());
        Optional<Boolean> filling = upstream.test(into) ? Optional.of(true) : Holds.held(records, into.id());
        if (importing.isEmpty() || filling.isEmpty()) {
            return Optional.of("Nobody can say now whether an import into \"" + into.title()
                    + "\" is under way, whose old versions a restore would undo. Try again.");
        }
        for (ImportMarks.Begun begun : importing.get()) {
            return Optional.of("An import into \"" + into.title() + "\" that keeps versions, " + begun.id() + " of "
                    + Instants.text(begun.begun())
                    + ", has not ended, and a restore would undo what it writes. Finish it (holdfast import --resume),"
                    + " end it where it is (holdfast import " + into.title() + " --abandon " + begun.id()
                    + "), or restore into another namespace (--into).");
        }
        return filling.get()
                ? Optional.of("\"" + into.title()
                        + "\" is filled from an upstream, and a restore would undo what comes from there. Restore into"
                        + " another namespace (--into), or end the upstream first (ended: true, and one read).")
                : Optional.empty();
    }
}
