package dev.holdfast.server.webhook;

import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.notice.Deliveries;
import dev.holdfast.engine.incident.notice.DeliveryStatus;
import dev.holdfast.engine.incident.notice.Messenger.Undelivered;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.IncidentForm;
import dev.holdfast.server.config.WebhookConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** All who are told of incidents. Thread-safe. */
public final class Webhooks implements AutoCloseable {
    private static final long NANOS_OF_MILLI = 1_000_000L;

    private final List<Webhook> all;

    private Webhooks(List<Webhook> all) {
        this.all = all;
    }

    /** One of them. */
    public static final class Webhook {
        private final WebhookConfig config;
        private final HttpMessenger messenger;
        private final Deliveries deliveries;
        private final Semaphore testing = new Semaphore(1);

        private Webhook(WebhookConfig config, HttpMessenger messenger, Deliveries deliveries) {
            this.config = config;
            this.messenger = messenger;
            this.deliveries = deliveries;
        }

        public WebhookConfig config() {
            return config;
        }

        public DeliveryStatus status() {
            return deliveries.status();
        }

        /**
         * Sends a test, and waits for its timeout at most.
         *
         * @return why it has not arrived; empty when it has
         */
        public Optional<String> test() throws InterruptedException {
            if (!testing.tryAcquire()) {
                return Optional.of("another test of it is under way");
            }
            try {
                deliveries.test();
                return Optional.empty();
            } catch (Undelivered undelivered) {
                return Optional.of(String.valueOf(undelivered.getMessage()));
            } finally {
                testing.release();
            }
        }
    }

    /**
     * With what is open and was not told; nobody is told before {@link #start}.
     *
     * @param node the name of this node
     * @param admin the address of its admin port
     */
    public static Webhooks open(
            List<WebhookConfig> configs,
            Incidents incidents,
            IncidentForm form,
            LocalStore local,
            Time time,
            String node,
            Supplier<String> admin)
            throws LocalStoreFault {
        List<Webhook> all = new ArrayList<>();
        for (WebhookConfig config : configs) {
            HttpMessenger messenger = messenger(config, form, time, node, admin);
            long repeat =
                    config.form() == WebhookConfig.Form.ALERTMANAGER ? AlertsBody.REPEAT_MILLIS * NANOS_OF_MILLI : 0;
            Deliveries deliveries = new Deliveries(
                    time,
                    local,
                    new Deliveries.Config(config.name(), config.least(), repeat),
                    incidents::all,
                    messenger);
            all.add(new Webhook(config, messenger, deliveries));
        }
        all.forEach(webhook -> incidents.listen(webhook.deliveries));
        return new Webhooks(List.copyOf(all));
    }

    private static HttpMessenger messenger(
            WebhookConfig config, IncidentForm form, Time time, String node, Supplier<String> admin) {
        return switch (config.form()) {
            case JSON -> new HttpMessenger(config, config.url(), new JsonBody(form, node), time);
            case ALERTMANAGER -> {
                String base = config.url().toString().replaceFirst("/+$", "");
                yield new HttpMessenger(config, URI.create(base + "/api/v2/alerts"), new AlertsBody(node, admin), time);
            }
        };
    }

    public void start() {
        all.forEach(webhook -> webhook.deliveries.start());
    }

    public List<Webhook> all() {
        return all;
    }

    public Optional<Webhook> named(String name) {
        return all.stream()
                .filter(webhook -> webhook.config.name().equals(name))
                .findFirst();
    }

    @Override
    public void close() {
        for (Webhook webhook : all) {
            webhook.deliveries.close();
            webhook.messenger.close();
        }
    }
}
