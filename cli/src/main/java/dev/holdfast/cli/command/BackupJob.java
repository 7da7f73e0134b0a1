package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import tools.jackson.databind.JsonNode;

/** Something long that a node does with backups, as the command line follows it. */
final class BackupJob {
    private static final long POLL_MILLIS = 200;

    private BackupJob() {}

    /** How it went, once it has ended. */
    static JsonNode await(Api control, String kind, Progress progress) {
        while (true) {
            JsonNode job = now(control, kind);
            if (!job.path("running").asBoolean(false)) {
                return job;
            }
            progress.at(job.path("done").asLong(0));
            Poll.pause(POLL_MILLIS, "it goes on at the server");
        }
    }

    static JsonNode now(Api control, String kind) {
        return control.require(control.get("/v1/backups/jobs")).json().path(kind);
    }

    static void judge(JsonNode job) {
        if (job.has("problem")) {
            throw new Failure(Failure.FAILED, Words.visible(Json.text(job, "problem", "")));
        }
        if (!job.has("ended_at")) {
            throw new Failure(
                    Failure.FAILED, "The server was started again meanwhile, and it has not come to its end.");
        }
    }
}
