package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.Semaphore;

/** Runs tasks side by side, at most so many at once. One thread hands out the tasks. */
final class Crew {
    private final Time time;
    private final String name;
    private final int size;
    private final Semaphore free;

    Crew(Time time, String name, int size) {
        this.time = time;
        this.name = name;
        this.size = size;
        this.free = new Semaphore(size);
    }

    /** Starts the task as soon as one of the crew is free. The task must not throw. */
    void does(Runnable task) throws InterruptedException {
        free.acquire();
        time.fork(name, () -> {
            try {
                task.run();
            } finally {
                free.release();
            }
        });
    }

    /** Waits until every task has ended. */
    void finish() throws InterruptedException {
        free.acquire(size);
        free.release(size);
    }
}
