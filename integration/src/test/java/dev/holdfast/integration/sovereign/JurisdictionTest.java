package dev.holdfast.integration.sovereign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A namespace of the jurisdiction eu at a node with two providers there and one elsewhere: every way out of it is tried. */
class JurisdictionTest {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String WORD = "okapi0815";

    @TempDir
    private Path directory;

    private HoldfastServer origin;
    private CommandLine line;
    private String people;
    private String anywhere;

    private static String yaml(String ofA, String more) {
        return """
            jurisdiction: eu
            providers:
              a:
                jurisdiction: %s
                failure-domain: one/eu-north/a
              b:
                jurisdiction: eu
                failure-domain: two/eu-south/b
              far:
                jurisdiction: us
                failure-domain: three/us-west/far
            """.formatted(ofA) + more;
    }

    @BeforeEach
    void serve() throws Exception {
        origin = new HoldfastServer(directory.resolve("origin")).configured(yaml("eu", ""));
        origin.start();
        line = CommandLine.of(origin);
        people = line.works("namespace", "create", "people", "--jurisdiction", "eu")
                .text()
                .strip();
        anywhere = origin.makeNamespace("anywhere");
        new Providers(origin.control()).awaitWhole(WITHIN);
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    private static String path(String namespace, String key) {
        return "/v1/namespaces/" + namespace + "/values/" + key;
    }

    private static Reply put(HoldfastServer at, String namespace, String key, String value) {
        return at.store().call("PUT", path(namespace, key), Map.of(), BodyPublishers.ofString(value));
    }

    private JsonNode written(String namespace, String key) {
        return origin.store()
                .require(put(origin, namespace, key, "value-" + WORD))
                .json();
    }

    private void fault(String provider, boolean on) {
        String path = "/v1/providers/" + provider + "/fault";
        origin.control()
                .require(
                        on
                                ? origin.control()
                                        .send("PUT", path, Json.object().put("mode", "error"))
                                : origin.control().delete(path));
    }

    private void compared() throws InterruptedException {
        String before = compare().path("finished_at").asString("");
        origin.control().require(origin.control().send("POST", "/v1/compare", Json.object()));
        Awaiting.until(
                WITHIN,
                "all is compared",
                this::compare,
                now -> !now.path("running").asBoolean(true)
                        && !now.path("finished_at").asString("").equals(before));
    }

    private JsonNode compare() {
        return origin.control().require(origin.control().get("/v1/compare")).json();
    }

    private void nothingOfItLiesFar(String... places) throws Exception {
        line.works("audit", "residency");
        for (String place : places) {
            assertThat(RawBytes.with(origin.data().resolve(place), "person-"))
                    .as("key names at " + place)
                    .isEmpty();
        }
    }

    private static void refused(CommandLine.Said said, String... words) {
        assertThat(said.exit()).as(said.text()).isNotZero();
        assertThat(said.text()).contains(words);
    }

    @Test
    void writesHintsRepairsAndBackfillsGoToProvidersWithinAlone() throws Exception {
        JsonNode receipt = written(people, "person-1");
        assertThat(receipt.path("homes").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder("a", "b");
        assertThat(receipt.path("domains").asInt()).isEqualTo(2);
        assertThat(written(anywhere, "thing-1").path("homes").size()).isEqualTo(3);
        assertThat(origin.store().get(path(people, "person-none")).status()).isEqualTo(404);
        fault("far", true);
        assertThat(written(people, "person-2").path("hinted").size()).isZero();
        assertThat(origin.store().get(path(people, "person-none")).status()).isEqualTo(404);
        fault("far", false);
        fault("b", true);
        assertThat(written(people, "person-3").path("hinted").valueStream().map(JsonNode::asString))
                .containsExactly("b");
        assertThat(origin.store().get(path(people, "person-3")).status()).isEqualTo(200);
        fault("b", false);
        new Providers(origin.control()).awaitWhole(WITHIN);
        compared();
        line.works("scrub");
        line.works("audit", "homes", "--exercised", "365d");
        nothingOfItLiesFar("far");
        assertThat(RawBytes.with(origin.data().resolve("far"), "thing-1"))
                .as("what may lie there")
                .isNotEmpty();

        origin.configured(yaml("eu", """
              later:
                jurisdiction: us
                failure-domain: four/us-east/later
            """));
        line.works("provider", "add", "later");
        long began = System.nanoTime();
        while (line.run(List.of("provider", "promote", "later")).exit() != 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WITHIN);
        }
        compared();
        nothingOfItLiesFar("far", "later");
        assertThat(RawBytes.with(origin.data().resolve("later"), "thing-1")).isNotEmpty();
        String proof = line.works("audit", "residency").text();
        assertThat(proof.lines().filter(each -> each.startsWith("people")).map(each -> each.replaceAll(" +", " ")))
                .anySatisfy(each -> assertThat(each).startsWith("people eu a yes 3 "))
                .anySatisfy(each -> assertThat(each).startsWith("people eu b yes 3 "))
                .anySatisfy(each -> assertThat(each).startsWith("people eu far no 0 0"))
                .anySatisfy(each -> assertThat(each).startsWith("people eu later no 0 0"));
    }

    @Test
    void aNamespaceWithoutEnoughPlacesIsNotMadeAndAProviderThatItNeedsDoesNotGo() throws Exception {
        refused(
                line.run(List.of("namespace", "create", "x", "--jurisdiction", "eu", "--durability", "3")),
                "2 independent failure domains");
        refused(line.run(List.of("namespace", "create", "x", "--jurisdiction", "us")), "jurisdiction eu");
        String account = Files.readString(origin.data().resolve("account-id")).strip();
        Reply rest = origin.store()
                .send(
                        "POST",
                        "/client/v4/accounts/" + account + "/storage/kv/namespaces",
                        Json.object().put("title", "y").put("jurisdiction", "us"));
        assertThat(rest.status()).isEqualTo(400);
        refused(line.run(List.of("provider", "demote", "a")), "jurisdiction eu", "people");
        line.works("provider", "demote", "far");
    }

    @Test
    void copiesAndImportsStayWithinUnlessSomebodySaysSo() throws Exception {
        written(people, "person-1");
        refused(line.run(List.of("copy", "people", "anywhere")), "--across-jurisdictions");
        String file = directory.resolve("people.jsonl").toString();
        line.works("export", "people", file);
        refused(line.run(List.of("import", "anywhere", file)), "--across-jurisdictions");
        assertThat(origin.store().get(path(anywhere, "person-1")).status()).isEqualTo(404);
        nothingOfItLiesFar("far");
        line.works("namespace", "create", "more", "--jurisdiction", "eu");
        line.works("copy", "people", "more");
        nothingOfItLiesFar("far");
        line.works("copy", "people", "anywhere", "--across-jurisdictions");
        assertThat(origin.store().get(path(anywhere, "person-1")).status()).isEqualTo(200);
    }

    @Test
    void aBackupIsRestoredWithinAloneAndNotMadeElsewhere() throws Exception {
        String backup = "backup:\n  directory: kept\n  interval: 0s\n";
        origin.stop();
        origin.configured(yaml("eu", "") + backup).start();
        written(people, "person-1");
        line.works("backup", "now");
        String then = Instant.now().toString();
        line.works("namespace", "create", "more", "--jurisdiction", "eu");
        refused(
                line.run(List.of("restore", "--namespace", "people", "--to", then, "--into", "anywhere", "--yes")),
                "of jurisdiction eu");
        assertThat(origin.store().get(path(anywhere, "person-1")).status()).isEqualTo(404);
        line.works("restore", "--namespace", "people", "--to", then, "--into", "more", "--yes");
        origin.stop();
        origin.configured((yaml("eu", "") + backup).replaceFirst("jurisdiction: eu", "jurisdiction: us"))
                .start();
        String made = line.works("backup", "now").text();
        assertThat(kept(people)).as(made).hasSize(1);
        assertThat(kept(anywhere)).as(made).hasSize(2);
    }

    private List<Path> kept(String namespace) throws IOException {
        try (Stream<Path> files = Files.walk(origin.data().resolve("kept/full"))) {
            return files.filter(file -> file.endsWith(namespace + ".jsonl.gz")).toList();
        }
    }

    @Test
    void anEdgeElsewherePassesRequestsOnAndKeepsNothing() throws Exception {
        try (HoldfastServer within =
                        new HoldfastServer(directory.resolve("within")).with(Map.of("HOLDFAST_JURISDICTION", "eu"));
                HoldfastServer elsewhere =
                        new HoldfastServer(directory.resolve("elsewhere")).with(Map.of("HOLDFAST_JURISDICTION", "us"));
                HoldfastServer nowhere = new HoldfastServer(directory.resolve("nowhere"))) {
            List<HoldfastServer> outside = List.of(elsewhere, nowhere);
            within.asEdgeOf(origin).start();
            for (HoldfastServer edge : outside) {
                edge.asEdgeOf(origin).start();
                origin.store().require(put(edge, people, "person-1", "value-" + WORD));
            }
            written(anywhere, "thing-1");
            for (HoldfastServer edge : List.of(within, elsewhere, nowhere)) {
                for (int i = 0; i < 3; i++) {
                    Reply read = edge.store().get(path(people, "person-1"));
                    assertThat(new String(read.body(), StandardCharsets.UTF_8)).isEqualTo("value-" + WORD);
                    if (edge != within) {
                        assertThat(read.header("cf-cache-status")).hasValue("MISS");
                    }
                    assertThat(edge.store().get(path(anywhere, "thing-1")).status())
                            .isEqualTo(200);
                }
            }
            // Its caches are written to the disk before it ends.
            for (HoldfastServer edge : List.of(within, elsewhere, nowhere)) {
                edge.stop();
                assertThat(RawBytes.with(edge.data(), "thing-1"))
                        .as("what it may keep")
                        .isNotEmpty();
            }
            assertThat(RawBytes.with(within.data(), "person-1")).isNotEmpty();
            for (HoldfastServer edge : outside) {
                assertThat(RawBytes.with(edge.data(), "person-1")).isEmpty();
                edge.start();
            }
            origin.kill();
            for (HoldfastServer edge : outside) {
                assertThat(edge.store().get(path(people, "person-1")).status()).isEqualTo(503);
            }
        }
    }

    @Test
    void aProviderThatIsLabelledOtherwiseIsFoundOutAndNotUsedForWhatItHolds() throws Exception {
        written(people, "person-1");
        origin.stop();
        origin.configured(yaml("us", "")).start();
        refused(line.run(List.of("audit", "residency")), "Provider a holds 1 key of namespace people");
        assertThat(written(people, "person-2").path("homes").valueStream().map(JsonNode::asString))
                .containsExactly("b");
        assertThat(RawBytes.with(origin.data().resolve("a"), "person-2")).isEmpty();
        line.works("provider", "demote", "a");
        refused(line.run(List.of("provider", "promote", "a")), "may not lie there");
    }
}
