package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;
import dev.holdfast.simulation.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.List;

/** What was felt, as lines to be drawn. */
record Series(Felt felt, int seconds) {
    /** @param before seconds since the beginning until when all was well */
    Played played(
            String arm,
            String what,
            List<Check> checks,
            List<Played.Fact> facts,
            List<String> lines,
            int before,
            Scheduler scheduler) {
        List<Played.Line> shares = new ArrayList<>();
        for (int line = 0; line < lines.size(); line++) {
            List<Double> points = new ArrayList<>();
            for (int at = 0; at + Back.STEP <= seconds; at += Back.STEP) {
                points.add(felt.share(line, at, at + Back.STEP));
            }
            shares.add(new Played.Line(lines.get(line), points));
        }
        List<Double> load = new ArrayList<>();
        for (int at = 0; at + Back.STEP <= seconds; at += Back.STEP) {
            load.add(felt.load(at, at + Back.STEP));
        }
        return new Played(
                arm,
                what,
                checks.stream().map(Check::judge).toList(),
                facts,
                shares,
                load,
                Back.most(felt, 0, before),
                Back.STEP,
                scheduler.digest().toString());
    }
}
