package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Sources.Expiry;
import dev.holdfast.engine.provider.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A provider that lets this node in with its second credential only, or with one that ends soon. Nobody is hurt, and nothing is left for
 * the day on which that is refused as well.
 */
final class CredentialDetector implements Detector {
    private static final Duration BEFORE_IT_ENDS = Duration.ofDays(14);

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        List<Expiry> ending = new ArrayList<>();
        for (ProviderDelta provider : now.providers()) {
            Login login = provider.view().login();
            login.endsAt()
                    .ifPresent(at -> ending.add(new Expiry(
                            "The credential \"" + login.name() + "\" of provider " + provider.name(),
                            "",
                            at,
                            BEFORE_IT_ENDS.toMillis(),
                            Severity.P1)));
            if (login.fallenBack()) {
                found.accept(new Finding(
                        AlarmKind.EXPIRY,
                        "credential of " + provider.name(),
                        "a credential is refused",
                        "Provider " + provider.name() + " no longer accepts the credential before \"" + login.name()
                                + "\", which is in use now, " + login.place() + " of " + login.of() + "."));
            }
        }
        Expiries.look(ending, now.wall(), found);
    }
}
