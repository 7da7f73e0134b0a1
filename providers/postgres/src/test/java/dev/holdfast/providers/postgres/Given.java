package dev.holdfast.providers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of this provider share. */
final class Given {
    static final NamespaceId NS = NamespaceId.parse("0123456789abcdef0123456789abcdef");
    static final NamespaceId OTHER_NS = NamespaceId.parse("0123456789abcdef0123456789abcdf0");
    static final Identity IDENTITY = new Identity("00112233445566778899aabbccddeeff", 1);

    private Given() {}

    static PostgresProvider open(PostgresSettings settings) {
        return PostgresProvider.open("p", settings, PostgresProviderTest.DOMAIN, new SystemTime());
    }

    static PostgresProvider initialised(PostgresSettings settings) throws ProviderFault {
        PostgresProvider provider = open(settings);
        assertThat(provider.initialise(IDENTITY)).isEqualTo(IDENTITY);
        return provider;
    }

    static Version v(int n) {
        return Version.of(1_700_000_000_000L + n, 0, 1);
    }

    static Record record(int version, int bytes) {
        byte[] value = new byte[bytes];
        new Random(version).nextBytes(value);
        return Record.of(v(version), value);
    }

    static Key key(int n) {
        return Key.of("key-%05d".formatted(n));
    }

    static ProviderFault fault(ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault;
    }
}
