package dev.holdfast.server.admin;

import org.jspecify.annotations.Nullable;

/** What there is on the admin port, as {@code openapi.json} names it; a test compares the two. */
enum Page {
    HEALTHZ("/healthz"),
    READYZ("/readyz"),
    METRICS("/metrics"),
    STATUS("/v1/status"),
    PROVIDERS("/v1/providers"),
    PROVIDER("/v1/providers/{name}"),
    FAULT("/v1/providers/{name}/fault"),
    PROVIDER_ROLE("/v1/providers/{name}/role"),
    HOMES("/v1/homes"),
    RESIDENCY("/v1/residency"),
    COMPARE("/v1/compare"),
    SCRUB("/v1/scrub"),
    NODES("/v1/nodes"),
    NODE("/v1/nodes/{name}"),
    RAW("/v1/raw/{provider}"),
    TOKENS("/v1/tokens"),
    TOKEN("/v1/tokens/{id}"),
    TLS("/v1/tls"),
    GATES("/v1/gates"),
    GATE("/v1/gates/{namespace}"),
    RAMP("/v1/ramp"),
    RAMP_PLAN("/v1/ramp/plan"),
    RAMP_ACTION("/v1/ramp/{action}"),
    QUOTAS("/v1/quotas"),
    ENCRYPTION("/v1/encryption"),
    ENCRYPTION_OF("/v1/encryption/{namespace}"),
    INCIDENTS("/v1/incidents"),
    INCIDENT("/v1/incidents/{id}"),
    INCIDENT_REPORT("/v1/incidents/{id}/report"),
    INCIDENT_NOTES("/v1/incidents/{id}/notes"),
    WEBHOOKS("/v1/webhooks"),
    WEBHOOK_TEST("/v1/webhooks/{name}/test");

    private final String template;

    Page(String template) {
        this.template = template;
    }

    String template() {
        return template;
    }

    /**
     * The page at a raw path; null when there is none.
     *
     * @param path split at its slashes
     */
    static @Nullable Page of(String[] path) {
        for (Page page : values()) {
            if (page.isAt(path)) {
                return page;
            }
        }
        return null;
    }

    private boolean isAt(String[] path) {
        String[] parts = template.split("/", -1);
        if (path.length != parts.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (!parts[i].startsWith("{") && !parts[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }
}
