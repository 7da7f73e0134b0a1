package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.Counters;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The store's state as metrics, read at each scrape. */
final class StoreMetrics {
    private final PrometheusRegistry registry;
    private final Figures figures;
    private final Node node;

    private StoreMetrics(PrometheusRegistry registry, Node node) {
        this.registry = registry;
        this.figures = new Figures(registry, "holdfast_");
        this.node = node;
    }

    static void register(PrometheusRegistry registry, Node node) {
        StoreMetrics metrics = new StoreMetrics(registry, node);
        metrics.counters();
        metrics.providers();
        metrics.node();
        metrics.clocks();
        metrics.scrub();
    }

    private void counters() {
        counter("reads", "Reads answered.", Counters::reads);
        counter("writes", "Writes acknowledged.", Counters::writes);
        counter("unconfirmed", "Answers that could not be vouched for.", Counters::unconfirmed);
        counter("hinted", "Writes that a provider missed and a hint holds.", Counters::hinted);
        counter("drained", "Hints that reached their provider.", Counters::drained);
        counter("disagreements", "Reads in which homes differed.", Counters::disagreements);
        counter("repairs", "Records brought up to date at a home.", Counters::repairs);
        counter("restamped", "Writes stamped again above a newer version.", Counters::restamped);
        counter("damaged", "Records found damaged.", Counters::damaged);
        counter("quarantined", "Records set aside.", Counters::quarantined);
        counter("compared", "Keys compared between homes.", Counters::compared);
        counter("divergent", "Keys found to differ between homes.", Counters::divergent);
        counter("collected", "Tombstones collected.", Counters::collected);
        counter("spared", "Calls not made, so that a provider gets no more than it may or bears.", Counters::spared);
        counter("refused", "Requests refused by the store.", Counters::refused);
    }

    private void counter(String name, String help, ToLongFunction<Counters> value) {
        figures.counter(
                "store_" + name,
                help,
                () -> value.applyAsLong(node.near().status().counters()));
    }

    private void providers() {
        GaugeWithCallback.builder()
                .name("holdfast_provider_state")
                .help("1 for the state a provider is in, 0 for the others.")
                .labelNames("provider", "state")
                .callback(callback -> {
                    for (ProviderView view : node.near().status().providers()) {
                        for (ProviderState state : ProviderState.values()) {
                            callback.call(view.state() == state ? 1 : 0, view.name(), state.label());
                        }
                    }
                })
                .register(registry);
        provider("hints", "Writes waiting for a provider.", ProviderView::hints);
        provider(
                "oldest_hint_age_seconds",
                "Age of the oldest write waiting for a provider.",
                view -> view.oldestHintAgeMillis() / 1e3);
        provider(
                "deadline_seconds",
                "How long a provider is waited for, learned from its latency.",
                view -> view.deadlineMicros() / 1e6);
        provider(
                "calls",
                "Calls to a provider that are under way.",
                view -> view.coming().underWay());
        provider(
                "limit",
                "How many calls to a provider may be under way.",
                view -> view.coming().limit());
        provider(
                "credential",
                "Which of a provider's credentials is in use, from 1; 0 for none.",
                view -> view.login().place());
        provider(
                "credentials",
                "How many credentials a provider has.",
                view -> view.login().of());
        credentialEnds();
        provider(
                "proven_calls",
                "Calls a second that a provider was seen to bear; 0 for not known.",
                view -> view.coming().provenPerSecond());
        provider(
                "bound_calls",
                "Calls a second that a provider is given at most while it returns, and in the background; 0 for no"
                        + " bound.",
                view -> view.coming().boundPerSecond());
    }

    private void provider(String name, String help, ToDoubleFunction<ProviderView> value) {
        GaugeWithCallback.builder()
                .name("holdfast_provider_" + name)
                .help(help)
                .labelNames("provider")
                .callback(callback -> node.near()
                        .status()
                        .providers()
                        .forEach(view -> callback.call(value.applyAsDouble(view), view.name())))
                .register(registry);
    }

    private void credentialEnds() {
        GaugeWithCallback.builder()
                .name("holdfast_provider_credential_not_after_seconds")
                .help("When the credential in use at a provider expires, in seconds since 1970, where known.")
                .labelNames("provider")
                .callback(callback -> node.near()
                        .status()
                        .providers()
                        .forEach(view -> view.login().endsAt().ifPresent(at -> callback.call(at / 1e3, view.name()))))
                .register(registry);
    }

    private void node() {
        gauge(
                "can_lose_one",
                "1 when any one provider can be lost without losing an acknowledged write.",
                status -> status.canLoseOne() ? 1 : 0);
        gauge("hints", "Writes waiting for providers.", status -> status.hints().depth());
        gauge(
                "oldest_hint_age_seconds",
                "Age of the oldest waiting write.",
                status -> status.hints().oldestAgeMillis() / 1e3);
        gauge(
                "disk_free_bytes",
                "Room on the disk of the data folder.",
                status -> status.hints().freeBytes());
        gauge(
                "disk_alarm",
                "1 when that room is below the early alarm.",
                status -> status.hints().alarm() ? 1 : 0);
    }

    private void clocks() {
        GaugeWithCallback.builder()
                .name("holdfast_clock_ahead_seconds")
                .help("By how much another clock is shown to be ahead of this node's, at least; below 0 when it is"
                        + " behind, 0 when the two may agree.")
                .labelNames("of")
                .callback(callback -> node.near()
                        .status()
                        .clocks()
                        .forEach(clock -> callback.call(clock.bounds().shown() / 1e3, clock.of())))
                .register(registry);
    }

    private void scrub() {
        scrubbed("keys", "Records read in full by scrubbing.", Counts::keys);
        scrubbed("bytes", "Bytes of their keys and values.", Counts::bytes);
        scrubbed("damaged", "Records that scrubbing found damaged.", Counts::damaged);
        scrubbed("repaired", "Of these, those repaired from another home.", Counts::repaired);
        gauge(
                "scrub_running",
                "1 while a provider is being read through.",
                status -> status.scrub().running() ? 1 : 0);
        gauge(
                "scrub_unrepaired",
                "Records known to be damaged and not repaired yet.",
                status -> status.scrub().damaged().size());
        gauge(
                "scrub_beyond_repair",
                "Records damaged at every home that has them.",
                status -> status.scrub().beyondRepair());
    }

    private void scrubbed(String name, String help, ToLongFunction<Counts> value) {
        figures.counter(
                "scrub_" + name,
                help,
                () -> value.applyAsLong(node.near().status().scrub().counts()));
    }

    private void gauge(String name, String help, ToDoubleFunction<StoreStatus> value) {
        figures.gauge(name, help, () -> value.applyAsDouble(node.near().status()));
    }
}
