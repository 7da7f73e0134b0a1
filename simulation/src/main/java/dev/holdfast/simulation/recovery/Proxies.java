package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.KeyRef;
import java.util.List;

/** The proxies: each looks for a new file now and then, crashes on a bad one, and runs again once it reads a good one. */
final class Proxies {
    private final Stack stack;
    private final Region region;
    private final Namespace namespace;
    private final Files files;
    private final Spread spread;
    private final OnePlace onePlace;
    private final List<Check> checks;
    private final long[] runsOn = new long[BadConfig.PLACES];
    private final long[] since = new long[BadConfig.PLACES];

    Proxies(
            Stack stack,
            Region region,
            Namespace namespace,
            Files files,
            Spread spread,
            OnePlace onePlace,
            List<Check> checks) {
        this.stack = stack;
        this.region = region;
        this.namespace = namespace;
        this.files = files;
        this.spread = spread;
        this.onePlace = onePlace;
        this.checks = checks;
    }

    void live(int place) {
        region.world.fork("proxy-" + place, () -> {
            while (true) {
                look(place);
                region.world.park(BadConfig.LOOK_SECONDS * Region.SECOND);
            }
        });
    }

    private void look(int place) {
        long began = region.scheduler.now();
        Got near = stack.atOnce(place, namespace, Files.IN_FORCE);
        Got got = near == null ? stack.read(place, namespace, Files.IN_FORCE, false) : near;
        for (Check check : checks) {
            check.read(new KeyRef(namespace.id(), Files.IN_FORCE), began, got);
        }
        if (!(got instanceof Got.Value file)) {
            // It goes on with the one that it has.
            return;
        }
        spread.read(place, file.number(), region.scheduler.now());
        if (file.number() != runsOn[place]) {
            runsOn[place] = file.number();
            since[place] = region.scheduler.now();
        }
        if (files.bad(file.number())) {
            onePlace.crashed(place);
        }
    }

    boolean well(int place) {
        return runsOn[place] > 0 && !files.bad(runsOn[place]);
    }

    /** The number of the file. */
    long runsOn(int place) {
        return runsOn[place];
    }

    /** For how long it has run on that; 0 while it crashes. */
    long wellSeconds(int place) {
        return well(place) ? (region.scheduler.now() - since[place]) / Region.SECOND : 0;
    }
}
