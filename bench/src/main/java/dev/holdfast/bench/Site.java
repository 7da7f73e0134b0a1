package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What servers are asked for, and what they are to answer.
 *
 * @param folder where the load lies for generators
 * @param reply what Holdfast answered, for whoever answers the same to all
 * @param ask the request for an entry
 */
record Site(Path folder, Load load, Function<Load.Entry, Ask> ask, Reply reply) {

    /** For what is asked once. */
    Ask example() {
        return ask.apply(load.entries().getFirst());
    }

    /** @param depth requests sent on a connection before an answer is waited for */
    Wrk wrk(int connections, int depth) throws IOException {
        return Wrk.prepare(folder, reply.id(), load, ask, connections, depth);
    }

    /** @param streams requests under way on a connection */
    H2load h2load(int connections, int streams) throws IOException {
        return H2load.prepare(
                folder, reply.id(), load, ask, reply.answer().body().length(), connections, streams);
    }
}
