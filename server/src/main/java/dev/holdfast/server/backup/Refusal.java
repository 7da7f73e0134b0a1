package dev.holdfast.server.backup;

/** Why something cannot be done with backups: a sentence for people. Nothing was written. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String sentence) {
        super(sentence, null, false, false);
    }

    /** The sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
