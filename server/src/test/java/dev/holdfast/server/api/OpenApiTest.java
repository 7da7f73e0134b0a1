package dev.holdfast.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.admin.AdminDoor;
import dev.holdfast.server.api.Described.Operation;
import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import dev.holdfast.server.rest.RestDoor;
import dev.holdfast.server.v1.NativeDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The description and the server say the same. {@link RunningServer} holds every answer of every test against it as well. */
class OpenApiTest {
    @TempDir
    static Path data;

    private static RunningServer server;
    private static String account;

    private final Set<String> visited = new TreeSet<>();

    @BeforeAll
    static void start() throws Exception {
        Path key = Files.writeString(data.resolve("tour.key"), "0f".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        server = new RunningServer(
                data,
                Map.of(
                        "incidents.webhooks.nobody.url",
                        "http://127.0.0.1:1/",
                        "encryption.keys.tour.file",
                        "tour.key",
                        "jurisdiction",
                        "eu",
                        "providers.a.jurisdiction",
                        "eu",
                        "providers.b.kind",
                        "rocksdb"));
        account = Files.readString(data.resolve("account-id")).strip();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void itIsServedToEveryone() throws Exception {
        Reply reply = server.send(server.dataPort(), "", "GET", "/v1/openapi.json", null);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json()).isEqualTo(Described.DOCUMENT);
        assertThat(reply.json().get("openapi").asString()).startsWith("3.1.");
    }

    @Test
    void everyPathThatIsServedIsDescribedAndTheOtherWayRound() {
        assertThat(Described.paths(false))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(NativeDoor.paths().stream(), RestDoor.paths().stream())
                                .toList());
        assertThat(Described.paths(true)).containsExactlyInAnyOrderElementsOf(AdminDoor.paths());
    }

    @Test
    void everyMethodThatIsServedIsDescribedAndTheOtherWayRound() throws Exception {
        String namespace = server.namespace("methods");
        for (boolean admin : new boolean[] {false, true}) {
            for (String template : Described.paths(admin)) {
                Set<String> described =
                        Described.operations(template).map(Operation::method).collect(Collectors.toSet());
                // The namespace is made up where a method that is served would change it.
                String path = template.replace("{ns}", "none")
                        .replace("{account}", account)
                        .replace("{namespace}", namespace)
                        .replace("{name}", "a")
                        .replaceAll("\\{\\w+}", "a");
                int port = admin ? server.adminPort() : server.dataPort();
                Set<String> others = new HashSet<>(Described.METHODS);
                others.removeAll(described);
                for (String method : others) {
                    Reply reply = server.send(port, server.token, method, path, null);
                    assertThat(reply.status()).as("%s %s", method, path).isEqualTo(405);
                    assertThat(reply.header("Allow").split(", "))
                            .as(path)
                            .containsExactlyInAnyOrderElementsOf(described);
                }
            }
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryNameIsItsOwn() {
        assertThat(Described.DOCUMENT.findValuesAsString("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                Described.DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        assertThat(Described.operations().stream().map(Operation::id)).doesNotHaveDuplicates();
        for (Operation operation : Described.operations()) {
            Set<String> placed = Arrays.stream(operation.path().split("[{}]"))
                    .filter(part -> operation.path().contains("{" + part + "}"))
                    .collect(Collectors.toSet());
            List<String> described = Described.DOCUMENT
                    .get("paths")
                    .get(operation.path())
                    .path("parameters")
                    .valueStream()
                    .map(parameter -> parameter.get("name").asString())
                    .toList();
            assertThat(described).as(operation.path()).containsExactlyInAnyOrderElementsOf(placed);
        }
        Set<String> used = new HashSet<>(Described.DOCUMENT.findValuesAsString("$ref"));
        for (String kind : List.of("schemas", "responses")) {
            for (String name : Described.DOCUMENT.at("/components/" + kind).propertyNames()) {
                assertThat(used).contains("#/components/" + kind + "/" + name);
            }
        }
    }

    /** Calls everything once with success; {@link RunningServer} looks at the answers. */
    @Test
    void aTourOfEverythingFindsWhatIsDescribed() throws Exception {
        data("GET", "/v1/openapi.json", null);
        data("GET", "/v1/catalogue", null);
        nativeTour();
        restTour("/client/v4/accounts/" + account + "/storage/kv/namespaces");
        adminTour();
        assertThat(visited)
                .containsExactlyElementsOf(Described.operations().stream()
                        .map(Operation::id)
                        // Another node would have to be gone; for the others, see TlsRenewalTest and WatchTest.
                        .filter(id -> !Set.of("removeNode", "showCertificate", "reloadCertificate", "watch", "feed")
                                .contains(id))
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(server.admin("DELETE", "/v1/nodes/none", null).status()).isEqualTo(404);
        assertThat(server.admin("GET", "/v1/tls", null).code()).isEqualTo("no-tls");
    }

    private void nativeTour() throws IOException {
        JsonNode made = data(
                "POST",
                "/v1/namespaces",
                "{\"title\":\"tour\",\"jurisdiction\":\"eu\",\"durability\":1,\"on_outage\":\"closed\"}");
        String room = "/v1/namespaces/" + made.get("id").asString();
        data("GET", "/v1/namespaces?deleted=false", null);
        data("GET", room, null);
        data(
                "PATCH",
                room,
                "{\"when_short\":\"refuse\",\"dark_writes\":true,\"on_outage\":\"stale(10m)\",\"pinned\":true}");
        Reply put = server.data(
                "PUT", room + "/values/a/b?expiration_ttl=3600", "v", "Holdfast-Metadata", "[1]", "If-None-Match", "*");
        visit(false, "PUT", room + "/values/a/b", put);
        assertThat(server.data("GET", room + "/values/a/b", null, "If-None-Match", put.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(server.data("PUT", room + "/values/a/b", "v", "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        server.binary(room + "/values/binary", new byte[] {-1});
        visit(false, "GET", room + "/values/binary", server.data("GET", room + "/values/binary?mode=fresh", null));
        for (String asked : List.of("mode=cached&cache_ttl=0", "cache_ttl=" + Long.MAX_VALUE, "mode=confirmed")) {
            visit(false, "GET", room + "/values/a/b", server.data("GET", room + "/values/a/b?" + asked, null));
        }
        for (String ttl : List.of("-1", "1.5", "")) {
            assertThat(server.data("GET", room + "/values/a/b?cache_ttl=" + ttl, null)
                            .code())
                    .isEqualTo("bad-cache-ttl");
        }
        visit(false, "HEAD", room + "/values/a/b", server.data("HEAD", room + "/values/a/b", null));
        data("GET", room + "/keys?limit=1", null);
        data("GET", room + "/keys?values=true&prefix=", null);
        data("GET", room + "/explain/a/b", null);
        data("GET", room + "/explain/none", null);
        Reply exported = server.data("GET", room + "/export?prefix=&values=true&keys_per_second=1000000", null);
        visit(false, "GET", room + "/export", exported);
        data("POST", room + "/import?dry_run=true", null);
        data("PUT", room + "/import?on_conflict=newer&dry_run=true", exported.text());
        data("DELETE", room + "/import?import=none", null);
        data("DELETE", room + "/values/a/b", null);
        data("DELETE", room + "/keys?prefix=b&dry-run=true", null);
        data("DELETE", room, null);
        data("GET", "/v1/namespaces?deleted=true", null);
        data("POST", room + "/restore", null);
    }

    private void restTour(String base) throws IOException {
        JsonNode made = data("POST", base, "{\"title\":\"rest tour\"}");
        String room = base + "/" + made.at("/result/id").asString();
        data("GET", base + "?page=1&per_page=5", null);
        data("GET", room, null);
        data("PUT", room, "{\"title\":\"rest tour 2\"}");
        data("PUT", room + "/values/k?expiration_ttl=60", "1");
        data("PUT", room + "/bulk", "[{\"key\":\"b\",\"value\":\"eA==\",\"base64\":true,\"metadata\":{\"m\":1}}]");
        visit(false, "GET", room + "/values/k", server.data("GET", room + "/values/k", null));
        data("GET", room + "/metadata/b", null);
        data("GET", room + "/keys?limit=10&prefix=", null);
        data("POST", room + "/bulk/get", "{\"keys\":[\"k\",\"none\"],\"type\":\"json\",\"withMetadata\":true}");
        data("DELETE", room + "/values/k", null);
        data("POST", room + "/bulk/delete", "[\"b\"]");
        data("DELETE", room + "/bulk", "[\"b\"]");
        data("DELETE", room, null);
        assertThat(server.data("GET", room, null).status()).isEqualTo(404);
    }

    private void adminTour() throws Exception {
        for (String path : List.of("/healthz", "/readyz")) {
            visit(true, "GET", path, server.send(server.adminPort(), "", "GET", path, null));
            visit(true, "HEAD", path, server.send(server.adminPort(), "", "HEAD", path, null));
        }
        for (String path : List.of(
                "/metrics",
                "/v1/status",
                "/v1/providers",
                "/v1/providers/a",
                "/v1/compare",
                "/v1/scrub",
                "/v1/nodes")) {
            admin("GET", path, null);
        }
        admin("PUT", "/v1/providers/b/fault", "{\"mode\":\"slow\",\"delay_ms\":1,\"operations\":[\"probe\"]}");
        admin("GET", "/v1/providers/b/fault", null);
        admin("GET", "/v1/providers/b", null);
        admin("DELETE", "/v1/providers/b/fault", null);
        admin("PUT", "/v1/providers/a/role", "{\"role\":\"serving\"}");
        admin("POST", "/v1/homes", "{\"without\":\"b\"}");
        admin("GET", "/v1/homes", null);
        admin("POST", "/v1/residency", null);
        admin("GET", "/v1/residency", null);
        admin("POST", "/v1/compare", null);
        admin("POST", "/v1/scrub", null);
        incidentTour();
        server.namespace("gate tour");
        admin("PUT", "/v1/gates/gate%20tour", "{\"gate\":\"25%\",\"why\":\"a tour\"}");
        admin("GET", "/v1/gates/gate%20tour", null);
        admin("GET", "/v1/gates", null);
        admin("GET", "/v1/ramp", null);
        admin("POST", "/v1/ramp/plan", "{\"all\":true}");
        admin("POST", "/v1/ramp", "{\"namespaces\":[\"gate tour\"],\"why\":\"a tour\"}");
        admin("GET", "/v1/ramp", null);
        admin("POST", "/v1/ramp/abort", "{\"open\":true}");
        admin("PUT", "/v1/quotas", "{\"max_requests\":1000000,\"max_keys\":1000000}");
        admin("GET", "/v1/quotas", null);
        String sealed = "/v1/encryption/" + server.namespace("sealed tour");
        admin("POST", sealed, "{\"action\":\"seal\",\"key\":\"tour\"}");
        admin("POST", sealed, "{\"action\":\"rotate\"}");
        admin("POST", sealed, "{\"action\":\"rewrap\",\"key\":\"tour\"}");
        admin("GET", sealed, null);
        admin("GET", "/v1/encryption", null);
        admin("GET", "/v1/raw/a?limit=2&namespace=" + server.namespace("raw tour"), null);
        String token = "{\"name\":\"t\",\"namespaces\":[\"*\"],\"permissions\":[\"read\"],\"expires_at\":4102444800}";
        Reply made = server.admin("POST", "/v1/tokens", token);
        visit(true, "POST", "/v1/tokens", made);
        admin("GET", "/v1/tokens", null);
        admin("DELETE", "/v1/tokens/" + made.json().get("id").asString(), null);
    }

    private void incidentTour() throws Exception {
        server.fault("b", "error");
        RunningServer.await(() -> !incidents().isEmpty());
        server.heal("b");
        String incident = "/v1/incidents/" + incidents().get(0).get("id").asString();
        admin("POST", incident + "/notes", "{\"text\":\"I have switched it off.\"}");
        admin("GET", "/v1/incidents", null);
        RunningServer.await(() -> server.adminQuietly("GET", incident).text().contains("I have switched it off."));
        admin("GET", incident, null);
        admin("GET", incident + "/report?format=markdown", null);
        admin("GET", incident + "/report?format=html", null);
        admin("GET", "/v1/webhooks", null);
        admin("POST", "/v1/webhooks/nobody/test", "{}");
    }

    private static JsonNode incidents() {
        return server.adminQuietly("GET", "/v1/incidents").json().get("incidents");
    }

    private JsonNode data(String method, String target, String body) throws IOException {
        return visit(false, method, target, server.data(method, target, body)).json();
    }

    private void admin(String method, String target, String body) throws IOException {
        visit(true, method, target, server.admin(method, target, body));
    }

    private Reply visit(boolean admin, String method, String target, Reply reply) {
        assertThat(reply.status()).as("%s %s: %s", method, target, reply.text()).isBetween(200, 299);
        visited.add(Described.find(admin, method, target.split("\\?", 2)[0])
                .orElseThrow()
                .id());
        return reply;
    }
}
