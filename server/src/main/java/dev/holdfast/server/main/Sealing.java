package dev.holdfast.server.main;

import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.config.KeyConfig;
import java.security.SecureRandom;
import java.util.List;

/** Puts together what makes ciphertext, from the master keys of the configuration. */
final class Sealing {
    private Sealing() {}

    static NamespaceSeals open(List<KeyConfig> keys, Time time) throws StartFailed {
        return new NamespaceSeals(MasterKeyFiles.read(keys, System.getenv()), time, new SecureRandom());
    }
}
