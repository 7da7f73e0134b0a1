package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.Login;
import java.util.function.Consumer;

/**
 * A provider that lets this node in with its second credential only. Nobody is hurt, and nothing is left for the day on which that is
 * refused as well.
 */
final class CredentialDetector implements Detector {
    @Override
    public void look(Observation now, Consumer<Finding> found) {
        for (ProviderDelta provider : now.providers()) {
            Login login = provider.view().login();
            if (login.fallenBack()) {
                found.accept(new Finding(
                        AlarmKind.EXPIRY,
                        "credential of " + provider.name(),
                        "a credential is refused",
                        "Provider " + provider.name() + " no longer accepts the credential before \"" + login.name()
                                + "\", which is in use now, " + login.place() + " of " + login.of() + "."));
            }
        }
    }
}
