package dev.holdfast.simulation.parts;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** The simulated provider keeps the contract that real ones keep. Each call is a run of the scheduler of its own. */
class SimulatedProviderTest extends ProviderConformance {
    /** A carrier is a platform thread, and the kit calls from virtual ones too. */
    private static final ExecutorService CARRIER = Executors.newSingleThreadExecutor();

    private final SplittableRandom random = new SplittableRandom(1);
    private final Scheduler scheduler = new Scheduler(random.split(), Pace.EVEN, Long.MAX_VALUE);
    private final Process process = new Process("caller");
    private final SimulatedProvider place = new SimulatedProvider(
            "m", scheduler, random.split(), Latency.draw(random, 100_000), Latency.draw(random, 100_000));

    /** A call's end, on the way from the simulated thread to the test's. */
    private static final class End {
        private @Nullable Object value;
        private @Nullable Throwable thrown;

        private @Nullable Object result() throws Throwable {
            if (thrown != null) {
                throw thrown;
            }
            return value;
        }
    }

    @AfterAll
    static void stop() {
        CARRIER.shutdown();
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        return CARRIER.submit(() -> run(method, arguments)).get().result();
    }

    private End run(Method method, Object @Nullable [] arguments) {
        End end = new End();
        scheduler.run(process, () -> {
            try {
                end.value = method.invoke(place, arguments);
            } catch (InvocationTargetException e) {
                end.thrown = e.getCause();
            } catch (IllegalAccessException e) {
                end.thrown = e;
            }
        });
        return end;
    }

    @Override
    protected Provider open() {
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(),
                new Class<?>[] {Provider.class},
                (proxy, method, arguments) -> call(method, arguments));
    }

    @Override
    protected Provider reopen() {
        return provider;
    }

    @Override
    protected void wipe() {
        place.wipe();
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) {
        place.rot(namespace, key, false);
    }

    @Override
    protected int randomRuns() {
        return 20;
    }
}
