package dev.holdfast.cli.moving;

import dev.holdfast.cli.moving.NodeAt.Seen;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether providers that come hold what one that serves holds.
 *
 * @param same whether they do
 */
record Verdict(boolean same, String sentence) {

    /**
     * By digest. One that serves may be out of order, which is why it is to be left: it is enough that another one agrees.
     *
     * @param names those that come
     * @param serving those whose word counts
     */
    static Verdict of(Look look, List<String> names, List<Seen> serving) {
        Map<String, String> digests = look.digests();
        for (String name : names) {
            if (!digests.containsKey(name)) {
                return new Verdict(false, "Provider " + name + " could not be read to the end.");
            }
        }
        List<String> whole = serving.stream()
                .filter(Seen::lacksNothing)
                .map(Seen::name)
                .filter(digests::containsKey)
                .toList();
        for (String name : names) {
            List<String> like = whole.stream()
                    .filter(other -> Objects.equals(digests.get(other), digests.get(name)))
                    .toList();
            if (like.isEmpty()) {
                return new Verdict(
                        false,
                        whole.isEmpty()
                                ? "No provider that serves could be read to the end."
                                : "The digest of " + name + " is another one than that of "
                                        + String.join(" and ", whole) + ".");
            }
        }
        String digest = String.valueOf(digests.get(names.getFirst()));
        return new Verdict(
                true,
                String.join(" and ", names) + (names.size() == 1 ? " holds" : " hold") + " the same " + look.keys()
                        + " keys as those that serve (digest " + digest.substring(0, Math.min(8, digest.length()))
                        + "…)");
    }
}
