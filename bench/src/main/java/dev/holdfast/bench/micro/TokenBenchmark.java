package dev.holdfast.bench.micro;

import dev.holdfast.bench.MemoryCatalogue;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.token.Scope.Only;
import dev.holdfast.server.token.Token;
import dev.holdfast.server.token.Tokens;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the secret of a header to "may read this namespace", with a hundred tokens there. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class TokenBenchmark {
    private static final NamespaceId NAMESPACE = new NamespaceId(1, 2);

    private final Tokens tokens = new Tokens(new MemoryCatalogue(), new SystemTime());
    private String secret = "";

    @Setup
    public void setUp() throws NotKept {
        for (int i = 0; i < 100; i++) {
            secret = tokens.create("t" + i, new Only(Set.of(NAMESPACE)), Set.of(Permission.READ), Token.NEVER)
                    .secret();
        }
    }

    @Benchmark
    public boolean check() {
        Optional<Token> token = tokens.authenticate(secret);
        return token.isPresent() && token.get().may(Permission.READ, NAMESPACE);
    }
}
