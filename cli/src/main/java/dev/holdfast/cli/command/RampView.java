package dev.holdfast.cli.command;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A ramp, or the plan of one, as lines of at most eighty columns. */
final class RampView {
    private static final int WIDTH = 80;
    private static final int NAMES = 24;
    private static final int BAR = 20;
    private static final int EVENTS = 6;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final List<String> lines = new ArrayList<>();

    private RampView() {}

    /** What a ramp would be. */
    static List<String> plan(JsonNode plan) {
        RampView view = new RampView();
        if (plan.path("waves").valueStream().allMatch(RampView::hottest)) {
            view.wrapped(
                    "",
                    "Nothing to open: no gate of this node is stale-only or partly open. With --all the open ones"
                            + " take part, and are shut until their wave.");
            plan.path("notes").forEach(note -> view.wrapped("", Words.visible(note.asString())));
            return view.lines;
        }
        view.lines.add(row("#", "TIER", "NAMESPACES", "LOAD", "STEPS, IN % OF THE KEYS"));
        double all = load(plan);
        for (JsonNode wave : plan.path("waves")) {
            boolean hottest = hottest(wave);
            String shares =
                    wave.path("shares").valueStream().map(JsonNode::asString).collect(Collectors.joining(" "));
            view.lines.add(row(
                    wave.path("number").asString(),
                    hottest ? "" : wave.path("tier").asString(),
                    hottest ? "the hottest keys (" + plan.path("hot_keys").asInt() + " now)" : names(wave),
                    hottest ? "" : percent(wave.path("per_second").asDouble(0) / all),
                    shares.isEmpty()
                            ? "none"
                            : (hottest ? "tier by tier" : shares) + ": "
                                    + Words.duration(wave.path("takes_ms").asLong(0))));
        }
        plan.path("notes").forEach(note -> view.wrapped("", Words.visible(note.asString())));
        int shuts = plan.path("shuts").asInt(0);
        if (shuts > 0) {
            view.wrapped(
                    "",
                    Words.count(shuts, "namespace") + (shuts == 1 ? " is" : " are")
                            + " open now, and would answer only what the node knows until their wave.");
        }
        view.wrapped(
                "",
                "From its begin to its end it takes "
                        + Words.duration(plan.path("takes_ms").asLong(0))
                        + ", if the store stays inside its bounds.");
        return view.lines;
    }

    /** How far a ramp is. */
    static List<String> status(JsonNode ramp) {
        RampView view = new RampView();
        view.head(ramp);
        view.lines.add(row("#", "TIER", "NAMESPACES", "LOAD", "OPEN"));
        double all = load(ramp);
        for (JsonNode wave : ramp.path("waves")) {
            boolean hottest = hottest(wave);
            view.lines.add(row(
                    wave.path("number").asString(),
                    hottest ? "" : wave.path("tier").asString(),
                    hottest ? "the hottest keys (" + wave.path("keys").asInt() + ")" : names(wave),
                    hottest ? "" : percent(wave.path("per_second").asDouble(0) / all),
                    progress(ramp, wave)));
        }
        view.notes(ramp);
        view.lines.add("");
        List<JsonNode> history = ramp.path("history").valueStream().toList();
        for (JsonNode event : history.subList(Math.max(0, history.size() - EVENTS), history.size())) {
            view.lines.addAll(event(event));
        }
        return view.lines;
    }

    private void head(JsonNode ramp) {
        String phase = Json.text(ramp, "phase", "");
        long begun = ramp.path("begun_at").asLong(0);
        long ended = ramp.path("ended_at").asLong(System.currentTimeMillis());
        String why = Words.visible(Json.text(ramp, "why", ""));
        wrapped(
                "",
                "Ramp " + phase.toUpperCase(Locale.ROOT) + " " + (ramp.has("ended_at") ? "after " : "for ")
                        + Words.duration(Math.max(0, ended - begun)) + ", begun by "
                        + Words.visible(Json.text(ramp, "by", "")) + (why.isEmpty() ? "" : ": " + why));
    }

    private void notes(JsonNode ramp) {
        boolean over = ramp.has("ended_at");
        if (!over) {
            wrapped("Store: ", store(ramp));
        }
        String holding = Json.text(ramp, "holding", "");
        if (!over && !holding.isEmpty()) {
            wrapped("HOLDS: ", holding);
        }
        String waiting = Json.text(ramp, "waiting", "");
        if (!over && !waiting.isEmpty()) {
            wrapped("Waits: ", waiting);
        }
        String notKept = Json.text(ramp, "not_kept", "");
        if (!notKept.isEmpty()) {
            wrapped("DISK:  ", "the node does not keep how far this is: " + Words.visible(notKept));
        }
        for (JsonNode byHand : ramp.path("by_hand")) {
            wrapped(
                    "Hand:  ",
                    Words.visible(Json.text(byHand, "title", Json.text(byHand, "namespace", ""))) + " is "
                            + Json.text(byHand, "gate", "") + ", and no longer this ramp's");
        }
        ramp.path("notes").forEach(note -> wrapped("Note:  ", Words.visible(note.asString())));
        if (Json.text(ramp, "phase", "").equals("running")) {
            wrapped(
                    "Left:  ",
                    Words.duration(ramp.path("left_ms").asLong(0)) + ", if the store stays inside its bounds");
        }
    }

    private static String store(JsonNode ramp) {
        JsonNode look = ramp.path("look");
        JsonNode bounds = ramp.path("bounds");
        return String.format(
                Locale.ROOT,
                "%d calls in %s; failed %s (bound %s), p99 %.0f ms (%d), wait %.0f ms (%d), busy %s (%s)",
                look.path("calls").asLong(0),
                Words.duration(bounds.path("look_ms").asLong(0)),
                percent(look.path("errors").asDouble(0)),
                percent(bounds.path("errors").asDouble(0)),
                look.path("p99_ms").asDouble(0),
                bounds.path("p99_ms").asLong(0),
                look.path("wait_p99_ms").asDouble(0),
                bounds.path("wait_p99_ms").asLong(0),
                percent(look.path("busy").asDouble(0)),
                percent(bounds.path("busy").asDouble(0)));
    }

    /** One thing that has happened. */
    static List<String> event(JsonNode event) {
        RampView view = new RampView();
        String by = Words.visible(Json.text(event, "by", ""));
        view.wrapped(
                CLOCK.format(Instant.ofEpochMilli(event.path("at").asLong(0))) + " ",
                Words.visible(Json.text(event, "sentence", "")) + (by.isEmpty() ? "" : " (" + by + ")"));
        return view.lines;
    }

    private static String progress(JsonNode ramp, JsonNode wave) {
        int share = wave.path("share").asInt(0);
        String state = Json.text(wave, "state", "");
        String bar = "[" + "#".repeat(share * BAR / 100) + " ".repeat(BAR - share * BAR / 100) + "] ";
        if (!state.equals("opening")) {
            return bar + (state.equals("skipped") ? share + " %, skipped" : state);
        }
        long calm = ramp.path("calm_ms").asLong(0) / 1_000;
        boolean runs = Json.text(ramp, "phase", "").equals("running");
        boolean holds = !Json.text(ramp, "holding", "").isEmpty();
        return bar + share + " %"
                + (!runs
                        ? ", paused"
                        : holds
                                ? ", HOLDS"
                                : ", " + calm + "/"
                                        + ramp.path("bounds").path("calm_ms").asLong(0) / 1_000 + " s");
    }

    private static boolean hottest(JsonNode wave) {
        return Json.text(wave, "kind", "").equals("hottest-keys");
    }

    private static double load(JsonNode ramp) {
        double all = ramp.path("waves")
                .valueStream()
                .mapToDouble(wave -> wave.path("per_second").asDouble(0))
                .sum();
        return all == 0 ? 1 : all;
    }

    /** As many as there is room for, and how many more there are. */
    private static String names(JsonNode wave) {
        List<String> titles = wave.path("namespaces")
                .valueStream()
                .map(namespace -> Words.visible(Json.text(namespace, "title", "")))
                .toList();
        for (int shown = titles.size(); shown > 0; shown--) {
            String more = shown == titles.size() ? "" : " +" + (titles.size() - shown);
            String text = String.join(", ", titles.subList(0, shown)) + more;
            if (text.length() <= NAMES) {
                return text;
            }
            if (shown == 1) {
                return text.substring(0, NAMES - more.length() - 2) + ".." + more;
            }
        }
        return "";
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, percent > 0 && percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    private static String row(String number, String tier, String names, String load, String rest) {
        return String.format("%3s %4s  %-" + NAMES + "s %6s  %s", number, tier, names, load, rest)
                .stripTrailing();
    }

    /** In as many lines as it takes, those after the first as far in as the text. */
    private void wrapped(String lead, String text) {
        StringBuilder line = new StringBuilder(lead);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(lead.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
    }
}
