package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.moving.Look;
import dev.holdfast.cli.moving.TooFew;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Reads every key at every provider, and compares what each holds by a digest. Changes nothing; half of the"
                    + " time is left to others.",
            "Exit code 1 when digests differ, when a provider cannot be read to the end, or when keys lie in fewer"
                + " independent failure domains than wanted. With a provider, only that one has to be like the others."
        },
        footer = {"%nExample:", "  holdfast provider verify", "  holdfast provider verify c"})
public final class Verify extends Remote {
    @Parameters(arity = "0..1", paramLabel = "PROVIDER", description = "Default: all.")
    private @Nullable String name;

    public Verify(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control()) {
            if (name != null && !control.get("/v1/providers/" + name).ok()) {
                throw ProviderCommands.unknown(name, ProviderCommands.all(control));
            }
            Look look = Looking.at(shell, control, Optional.empty());
            if (connection.json()) {
                document(look.found());
            } else {
                Looking.digests(look).forEach(this::say);
                if (!look.unanswered().isEmpty()) {
                    say("Not read to the end: " + String.join(", ", look.unanswered()));
                }
                TooFew.sentences(look).forEach(this::say);
            }
            boolean read =
                    name == null ? look.unanswered().isEmpty() : look.digests().containsKey(name);
            boolean same = name == null ? Looking.equal(look) : likeAnother(look, name);
            if (!read || !same || look.tooFew() > 0) {
                throw new Failure(
                        Failure.FAILED,
                        !read
                                ? "Not all could be read."
                                : !same
                                        ? "What the providers hold differs; holdfast compare mends it."
                                        : "Keys are short of a home; holdfast compare gives them back what is"
                                                + " missing.");
            }
        }
    }

    private static boolean likeAnother(Look look, String name) {
        String own = look.digests().get(name);
        return look.digests().entrySet().stream()
                .anyMatch(other ->
                        !other.getKey().equals(name) && other.getValue().equals(own));
    }
}
