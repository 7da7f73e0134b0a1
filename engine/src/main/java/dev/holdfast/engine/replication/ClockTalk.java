package dev.holdfast.engine.replication;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a node says of clocks in its registration.
 *
 * @param at what its own showed just before; {@link #NOTHING} for a node that does not say
 * @param heard by the name of a node: what that one had said, and what this one's clock showed once it had read that
 */
record ClockTalk(long at, Map<String, Heard> heard) {
    private static final long NOTHING = Long.MIN_VALUE;
    static final ClockTalk NONE = new ClockTalk(NOTHING, Map.of());

    private static final char MARK = '@';
    private static final String IS = "=";

    /**
     * What was said by one node and read by another, each by its own clock.
     *
     * @param said the {@code at} of the other node's registration
     * @param readAt when it was read
     */
    record Heard(long said, long readAt) {}

    boolean any() {
        return at != NOTHING;
    }

    /** Whether a word of a registration belongs to it: {@code @AT}, or {@code NODE=SAID@READ}. */
    static boolean has(String word) {
        return word.indexOf(MARK) >= 0;
    }

    /** As words with spaces between. */
    String text() {
        StringBuilder text = new StringBuilder().append(MARK).append(at);
        new TreeMap<>(heard)
                .forEach((node, each) -> text.append(' ')
                        .append(node)
                        .append(IS)
                        .append(each.said())
                        .append(MARK)
                        .append(each.readAt()));
        return text.toString();
    }

    /** Of words that are none, none: they matter to nothing else. */
    static ClockTalk of(Iterable<String> words) {
        long at = NOTHING;
        Map<String, Heard> heard = new TreeMap<>();
        try {
            for (String word : words) {
                int mark = word.indexOf(MARK);
                long last = Long.parseLong(word.substring(mark + 1));
                if (mark == 0) {
                    at = last;
                } else {
                    int is = word.indexOf(IS);
                    heard.put(word.substring(0, is), new Heard(Long.parseLong(word.substring(is + 1, mark)), last));
                }
            }
        } catch (NumberFormatException | StringIndexOutOfBoundsException notOurs) {
            return NONE;
        }
        return at == NOTHING ? NONE : new ClockTalk(at, Map.copyOf(heard));
    }
}
