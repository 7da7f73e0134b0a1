package dev.holdfast.cli;

import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar with rate and time left, on a terminal only and only for what takes longer than two seconds. Used by one thread.
 */
public final class Progress implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final Shell shell;
    private final String task;
    private final String unit;
    private final long total;
    private final long started = System.nanoTime();
    private @Nullable ProgressBar bar;

    /** @param total how far there is to go; negative when that is not known */
    public Progress(Shell shell, String task, String unit, long total) {
        this.shell = shell;
        this.task = task;
        this.unit = unit;
        this.total = total;
    }

    /** @param done how far it is now */
    public void at(long done) {
        ProgressBar shown = bar;
        if (shown == null && shell.watched() && System.nanoTime() - started > PATIENCE) {
            shown = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setUnit(" " + unit, 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(250)
                    .showSpeed()
                    .setConsumer(new ConsoleProgressBarConsumer(shell.err()))
                    .build();
            bar = shown;
        }
        if (shown != null) {
            shown.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
