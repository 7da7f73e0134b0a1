package dev.holdfast.simulation;

import dev.holdfast.engine.provider.Provider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Has something happen just before a call reaches a provider, or just after, since no seed hits such a moment for long. */
final class Before {
    private Before() {}

    /** What is to happen before which calls. */
    interface Moment {
        void of(String provider, String call, List<Object> arguments);
    }

    static Provider each(Provider provider, Moment moment) {
        return with(provider, moment, (_, _, _) -> {});
    }

    /** Before the answer of a provider is on its way back. */
    static Provider answers(Provider provider, Moment moment) {
        return with(provider, (_, _, _) -> {}, moment);
    }

    private static Provider with(Provider provider, Moment before, Moment after) {
        return (Provider) Proxy.newProxyInstance(
                Before.class.getClassLoader(), new Class<?>[] {Provider.class}, (_, method, arguments) -> {
                    List<Object> given = arguments == null ? List.of() : List.of(withoutNulls(arguments));
                    before.of(provider.name(), method.getName(), given);
                    try {
                        Object answer = method.invoke(provider, arguments);
                        after.of(provider.name(), method.getName(), given);
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object[] withoutNulls(Object[] arguments) {
        Object[] some = arguments.clone();
        for (int i = 0; i < some.length; i++) {
            some[i] = some[i] == null ? "" : some[i];
        }
        return some;
    }
}
