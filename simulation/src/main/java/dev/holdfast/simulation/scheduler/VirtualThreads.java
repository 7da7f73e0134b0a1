package dev.holdfast.simulation.scheduler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * Virtual threads with a scheduler of our own, through the constructor that the JDK keeps for its tests. The JVM must run with
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}; production code never comes here.
 */
final class VirtualThreads {
    private static final MethodHandle BUILDER = builder();

    private VirtualThreads() {}

    private static MethodHandle builder() {
        // The JDK would otherwise hold on to every started thread, and a killed process leaves threads that never end.
        System.setProperty("jdk.trackAllThreads", "false");
        try {
            Constructor<?> found = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            found.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(found)
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "The simulation needs the JVM option --add-opens java.base/java.lang=ALL-UNNAMED on JDK 25.", e);
        }
    }

    static Thread unstarted(Executor scheduler, String name, Runnable task) {
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.invokeExact(scheduler);
            return builder.name(name).inheritInheritableThreadLocals(false).unstarted(task);
        } catch (Throwable e) {
            throw new IllegalStateException("the JDK made no virtual thread", e);
        }
    }
}
