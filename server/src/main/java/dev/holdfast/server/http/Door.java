package dev.holdfast.server.http;

import java.io.IOException;

/** One surface of the server: a protocol that answers the calls it claims. Thread-safe. */
public interface Door {

    /** Whether the call is this door's; decided by its head alone. The first door that claims a call gets it. */
    boolean claims(Call call);

    /**
     * Answers the call with one {@link Call#respond}, or one {@link Call#stream}. May block.
     *
     * @throws IOException a {@link BodyFault}, which comes back through {@link #refuse}
     */
    void answer(Call call) throws IOException;

    /**
     * Answers the call if that takes no waiting: no lock that others hold for long, no disk, nobody else. On an I/O thread, which
     * serves many connections.
     *
     * @return false when it does not; then nothing has been done, and {@link #answer} is called on a thread that may wait
     */
    default boolean answerAtOnce(Call call) {
        return false;
    }

    /**
     * Answers, in this protocol's form, a call that failed outside the protocol's own rules: its body was not to be had, or the
     * server has a fault.
     *
     * @param sentence for the client; contains nothing secret
     */
    void refuse(Call call, int status, String sentence);
}
