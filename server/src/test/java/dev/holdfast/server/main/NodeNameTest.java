package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A whole server: its name in the data folder, and nodes that are gone. */
class NodeNameTest {
    private static final long FIVE_MINUTES = 300_000;

    @TempDir
    Path folder;

    private String name() throws IOException {
        return Files.readString(folder.resolve("node-name")).strip();
    }

    private static boolean current(RunningServer server) {
        try {
            return server.state("a").equals("current") && server.state("b").equals("current");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many namespaces have come as far as the provider that the test leaves alone. */
    private static long atProviders(RunningServer server) {
        try {
            return server.admin("GET", "/v1/raw/a?namespace=" + NamespaceId.SYSTEM, null)
                    .json()
                    .get("rows")
                    .valueStream()
                    .filter(row -> row.get("key").asString().startsWith(SystemRecords.NAMESPACE_ENTRY))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode nodes(RunningServer server) throws IOException {
        return server.admin("GET", "/v1/nodes", null).json();
    }

    /** Writes a system record into both providers as another node did some minutes ago. */
    private void write(String key, String value) throws ProviderFault {
        SystemTime time = new SystemTime();
        Version version = Version.atMillis(time.wallMillis() - FIVE_MINUTES);
        for (String provider : List.of("a", "b")) {
            var location = new RocksProvider.Location(
                    provider, Providers.HERE, folder.resolve(provider), RocksSettings.DEFAULT);
            try (Provider open = RocksProvider.open(location, time)) {
                open.putIfNewer(
                        NamespaceId.SYSTEM, Key.of(key), Record.of(version, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aServerThatLostItsLocalStoreIsTheSameNodeAndServesWhatTheProvidersHold() throws Exception {
        String before;
        String namespace;
        try (RunningServer server = new RunningServer(folder)) {
            namespace = server.namespace("n");
            RunningServer.await(() -> current(server) && atProviders(server) == 1);
            server.fault("b", "error");
            RunningServer.await(() -> !current(server));
            assertThat(server.data("PUT", "/v1/namespaces/n/values/k", "v").status())
                    .isEqualTo(200);
            before = name();
        }
        deleteTree(folder.resolve("local"));
        try (RunningServer server = new RunningServer(folder)) {
            RunningServer.await(() -> current(server));
            assertThat(name()).isEqualTo(before);
            assertThat(nodes(server).get("nodes")).hasSize(1);
            assertThat(nodes(server).at("/nodes/0/name").asString()).isEqualTo(before);
            assertThat(nodes(server).at("/nodes/0/self").asBoolean()).isTrue();
            assertThat(server.data("GET", "/v1/namespaces/n/values/k", null).text())
                    .isEqualTo("v");
            assertThat(server.admin("GET", "/v1/raw/b?namespace=" + namespace, null)
                            .json()
                            .get("rows"))
                    .hasSize(1);
        }
    }

    @Test
    void theNameOfAFolderMadeBeforeThereWasAFileForItIsKept() throws Exception {
        new RunningServer(folder).close();
        String before = name();
        Files.delete(folder.resolve("node-name"));
        new RunningServer(folder).close();
        assertThat(name()).isEqualTo(before);
    }

    @Test
    void theLocalStoreOfAnotherNodeIsRefused() throws Exception {
        new RunningServer(folder).close();
        Files.writeString(folder.resolve("node-name"), "other");
        assertThatThrownBy(() -> new RunningServer(folder))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("this is node other");
    }

    @Test
    void aNodeThatIsGoneIsListedAndRemovedAndTheRemovalIsAudited() throws Exception {
        new RunningServer(folder).close();
        write("node/gone", Version.NONE.toString());
        write("dirty/b/gone", "dirty");
        try (RunningServer server = new RunningServer(folder)) {
            JsonNode gone = nodes(server)
                    .at("/nodes")
                    .valueStream()
                    .filter(node -> node.get("name").asString().equals("gone"))
                    .findFirst()
                    .orElseThrow();
            assertThat(gone.get("silent").asBoolean()).isTrue();
            assertThat(gone.at("/marks/0").asString()).isEqualTo("b");
            Reply removed = server.admin("DELETE", "/v1/nodes/gone", null);
            assertThat(removed.status()).as(removed.text()).isEqualTo(200);
            assertThat(removed.json().at("/compared/0").asString()).isEqualTo("b");
            assertThat(Files.readString(folder.resolve("audit.log")))
                    .contains("\"action\":\"node.remove\",\"target\":\"gone\",\"outcome\":\"done\"");
            assertThat(server.admin("DELETE", "/v1/nodes/gone", null).code()).isEqualTo("node-not-found");
            assertThat(server.admin("DELETE", "/v1/nodes/" + name(), null).code())
                    .isEqualTo("node-itself");
            assertThat(nodes(server).get("nodes")).hasSize(1);
            RunningServer.await(() -> current(server));
        }
    }

    @Test
    void aRemovedNodeDoesNotStartAndSaysWhy() throws Exception {
        new RunningServer(folder).close();
        write("node/" + name() + "/removed", "other");
        assertThatThrownBy(() -> new RunningServer(folder))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("was removed from the store")
                .hasMessageContaining("node-name");
        deleteTree(folder.resolve("local"));
        Files.delete(folder.resolve("node-name"));
        try (RunningServer server = new RunningServer(folder)) {
            RunningServer.await(() -> current(server));
        }
    }

    @Test
    void anOlderLocalStoreThatComesBackIsRefusedSinceItsHintsAreOld() throws Exception {
        new RunningServer(folder).close();
        Path aside = folder.resolveSibling(folder.getFileName() + "-aside");
        Files.move(folder.resolve("local"), aside);
        new RunningServer(folder).close();
        deleteTree(folder.resolve("local"));
        Files.move(aside, folder.resolve("local"));
        assertThatThrownBy(() -> new RunningServer(folder))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("it has seen 1 starts, and this node has had 2");
        deleteTree(folder.resolve("local"));
        try (RunningServer server = new RunningServer(folder)) {
            RunningServer.await(() -> current(server));
        }
    }
}
