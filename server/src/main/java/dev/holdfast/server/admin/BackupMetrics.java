package dev.holdfast.server.admin;

import dev.holdfast.server.backup.Backups;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How backing up goes, as metrics; read at each scrape. */
final class BackupMetrics {
    private BackupMetrics() {}

    static void register(PrometheusRegistry registry, Backups backups) {
        Figures figures = new Figures(registry, "holdfast_backup_");
        figures.gauge(
                "newest_timestamp_seconds",
                "When the newest full backup with all namespaces began, in seconds since 1970; 0 for none.",
                () -> backups.newestAt() / 1e3);
        figures.gauge(
                "archive_lag_seconds",
                "How long ago all was archived that had been acknowledged.",
                () -> backups.lagMillis() / 1e3);
        figures.gauge(
                "failing",
                "1 while changes cannot be archived or the directory cannot be read.",
                () -> backups.failing() ? 1 : 0);
        figures.counter("archive_gaps", "Gaps in the archive since the start.", backups::gaps);
        figures.counter(
                "archive_missed", "Changes whose value was overwritten before it could be archived.", backups::missed);
    }
}
