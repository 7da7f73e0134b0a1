package dev.holdfast.engine.provider;

/**
 * Where the outcome of a queued call goes: to exactly one of the two, once, on whatever thread the provider has. Neither holds
 * that thread up, nor throws.
 */
public interface Reply<T> {
    void answered(T value);

    void failed(ProviderFault fault);
}
