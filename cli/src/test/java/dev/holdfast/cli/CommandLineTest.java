package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class CommandLineTest {
    private static final byte[] NOTHING = {};

    @TempDir
    Path folder;

    private TinyServer server;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        server = new TinyServer();
        environment.put("HOLDFAST_URL", server.url().toString());
        environment.put("HOLDFAST_ADMIN", server.url() + "/");
        environment.put("HOLDFAST_TOKEN", TinyServer.TOKEN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Ran(int exitCode, byte[] bytes, String out, String err) {
        JsonNode json() {
            return Json.MAPPER.readTree(out);
        }
    }

    private Ran run(byte[] in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                new ByteArrayInputStream(in),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false,
                false);
        int exitCode = Holdfast.run(shell, arguments);
        return new Ran(
                exitCode,
                out.toByteArray(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    private Ran run(String... arguments) {
        return run(NOTHING, arguments);
    }

    private Ran ok(String... arguments) {
        Ran ran = run(arguments);
        assertThat(ran.exitCode).as(ran.err).isZero();
        return ran;
    }

    private void namespace(String title) {
        ok("namespace", "create", title);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    // ---- help and usage

    @Test
    void everyCommandHasAnExampleThatIsACommand() {
        for (CommandLine leaf : leaves(Holdfast.commands(Shell.ofProcess()))) {
            String help = leaf.getUsageMessage(CommandLine.Help.Ansi.OFF);
            assertThat(help).as(leaf.getCommandName()).contains("Example:").contains("--help");
            assertThat(help.lines().filter(line -> line.startsWith("  ")).toList())
                    .as(leaf.getCommandName())
                    .anyMatch(line -> line.contains(leaf.getCommandSpec().qualifiedName()));
        }
    }

    @Test
    void helpFitsAScreenOf80Columns() {
        for (CommandLine leaf : leaves(Holdfast.commands(Shell.ofProcess()))) {
            assertThat(leaf.getCommandSpec().usageMessage().footer())
                    .as(leaf.getCommandName())
                    .allMatch(line -> line.length() <= 80);
        }
    }

    @Test
    void everyCommandIsInTheDocument() throws IOException {
        String page = Files.readString(Path.of("../docs/cli.md"));
        for (CommandLine leaf : leaves(Holdfast.commands(Shell.ofProcess()))) {
            assertThat(page)
                    .contains("`" + leaf.getCommandSpec().qualifiedName().substring("holdfast ".length()));
        }
    }

    private static List<CommandLine> leaves(CommandLine line) {
        List<CommandLine> leaves = new ArrayList<>();
        for (CommandLine child : line.getSubcommands().values()) {
            if (child.getSubcommands().isEmpty()) {
                leaves.add(child);
            } else {
                leaves.addAll(leaves(child));
            }
        }
        return leaves;
    }

    @Test
    void helpGoesToStdoutAndMistakesGoToStderrWithExitCode2() {
        assertThat(run("kv", "--help").out).contains("bulk");
        Ran mistake = run("statsu");
        assertThat(mistake.exitCode).isEqualTo(Failure.USAGE);
        assertThat(mistake.out).isEmpty();
        assertThat(mistake.err).contains("holdfast status");
        assertThat(run("kv").exitCode).isEqualTo(Failure.USAGE);
        assertThat(run("kv", "get", "settings").err).contains("KEY").contains("See holdfast kv get --help");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(ok("completion").out)
                .contains("complete -F")
                .contains("--dry-run")
                .contains("namespace");
    }

    // ---- the server and the token

    @Test
    void aServerWhoseSettingsAreWrongSaysSoAndNothingIsMade() {
        Path data = folder.resolve("data");
        environment.clear();
        Ran ran = run("server", "--data", data.toString(), "--listen", "nowhere", "--admin-listen", "nowhere");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err).contains("--listen").contains("--admin-listen");
        assertThat(data).doesNotExist();
        Ran missing = run("server", "--config", folder + "/none.yaml");
        assertThat(missing.exitCode).isEqualTo(Failure.FAILED);
        assertThat(missing.err).contains("none.yaml");
    }

    @Test
    void aServerThatIsNotThereIsExitCode3AndSaysHowToStartOne() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Ran ran = run("status", "--admin", "http://127.0.0.1:" + free);
        assertThat(ran.exitCode).isEqualTo(Failure.NOT_REACHABLE);
        assertThat(ran.err)
                .contains("No server answers at http://127.0.0.1:" + free + "; start one with ./holdfast server");
        assertThat(ran.out).isEmpty();
    }

    @Test
    void withoutATokenItSaysWhereItLooked() {
        environment.remove("HOLDFAST_TOKEN");
        Ran ran = run("status", "--data", folder.toString());
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err).contains("HOLDFAST_TOKEN is not set").contains(folder + "/admin-token does not exist");
    }

    @Test
    void theTokenIsReadFromTheDataFolder() throws IOException {
        environment.remove("HOLDFAST_TOKEN");
        file("admin-token", TinyServer.TOKEN + "\n");
        ok("status", "--data", folder.toString());
    }

    @Test
    void aTokenThatIsRefusedIsNotPrintedButItsSourceIs() {
        environment.put("HOLDFAST_TOKEN", "hf_wrong");
        Ran ran = run("status");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err)
                .contains("variable HOLDFAST_TOKEN")
                .contains("request r-1")
                .doesNotContain("hf_wrong");
    }

    @Test
    void anAddressThatIsNoneIsAUsageError() {
        Ran ran = run("status", "--admin", "localhost:4654");
        assertThat(ran.exitCode).isEqualTo(Failure.USAGE);
        assertThat(ran.err).contains("--admin is \"localhost:4654\"").contains("http://127.0.0.1:4653");
    }

    // ---- keys

    @Test
    void aValueComesBackByteForByte() {
        namespace("settings");
        byte[] value = {0, (byte) 0xff, 10, 13, 0};
        assertThat(run(value, "kv", "put", "settings", "a/b c%//é").out)
                .contains("version")
                .contains("a, b");
        assertThat(ok("kv", "get", "settings", "a/b c%//é").bytes).isEqualTo(value);
    }

    @Test
    void metadataThatIsNotAsciiArrivesWhole() {
        namespace("settings");
        ok("kv", "put", "settings", "k", "v", "--metadata", "{\"name\":\"é🤓\"}");
        JsonNode entry = ok("kv", "get", "settings", "k", "--json").json();
        assertThat(entry.path("metadata").path("name").stringValue()).isEqualTo("é🤓");
        assertThat(entry.path("value").stringValue()).isEqualTo("v");
    }

    @Test
    void aMissingKeyFailsAndPrintsNothing() {
        namespace("settings");
        Ran ran = run("kv", "get", "settings", "k");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).contains("There is no key \"k\" in settings");
    }

    @Test
    void anUnknownNamespaceIsMetWithTheNearestTitles() {
        namespace("settings");
        namespace("orders");
        for (String[] command : new String[][] {
            {"kv", "get", "setings", "k"},
            {"kv", "put", "setings", "k", "v"},
            {"kv", "list", "setings"},
            {"namespace", "show", "setings"},
            {"explain", "setings", "k"}
        }) {
            Ran ran = run(command);
            assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
            assertThat(ran.err).contains("There is no namespace \"setings\"; did you mean \"settings\"?");
        }
    }

    @Test
    void aConditionThatDoesNotHoldSaysAtWhichVersionTheKeyIs() {
        namespace("settings");
        String version = ok("kv", "put", "settings", "k", "v", "--json")
                .json()
                .path("version")
                .stringValue();
        Ran ran = run("kv", "put", "settings", "k", "w", "--if-match", "00000000000000ff");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err).contains("Nothing was written").contains(version);
        assertThat(run("kv", "put", "settings", "k", "w", "--if-absent").exitCode)
                .isEqualTo(Failure.FAILED);
        ok("kv", "put", "settings", "k", "w", "--if-match", version);
    }

    @Test
    void metadataThatIsNotJsonIsAUsageErrorAndNothingIsWritten() {
        namespace("settings");
        assertThat(run("kv", "put", "settings", "k", "v", "--metadata", "{a").exitCode)
                .isEqualTo(Failure.USAGE);
        assertThat(run("kv", "get", "settings", "k").exitCode).isEqualTo(Failure.FAILED);
    }

    @Test
    void listingGoesOverAllPagesAndJsonIsOneDocumentALine() throws IOException {
        namespace("settings");
        bulk(2_500);
        assertThat(ok("kv", "list", "settings").out.lines()).hasSize(2_500).isSorted();
        assertThat(ok("kv", "list", "settings", "--prefix", "k0001", "--json")
                        .out
                        .lines())
                .hasSize(10)
                .allSatisfy(line -> assertThat(
                                Json.MAPPER.readTree(line).path("name").stringValue())
                        .startsWith("k0001"));
        assertThat(ok("kv", "list", "settings", "--limit", "7").out.lines()).hasSize(7);
    }

    @Test
    void aDryRunOfDeletingAPrefixNamesSomeAndDeletesNothing() throws IOException {
        namespace("settings");
        bulk(30);
        assertThat(ok("kv", "delete", "settings", "--prefix", "k", "--dry-run").out)
                .contains("Would delete 30 keys.")
                .contains("k00000")
                .contains("and 20 more");
        assertThat(ok("kv", "list", "settings").out.lines()).hasSize(30);
        assertThat(ok("kv", "delete", "settings", "--prefix", "k0000").out).contains("Deleted 10 of 10 keys.");
        assertThat(ok("kv", "list", "settings").out.lines()).hasSize(20);
    }

    @Test
    void deletingNeedsAKeyOrAPrefixAndNotBoth() {
        namespace("settings");
        assertThat(run("kv", "delete", "settings").exitCode).isEqualTo(Failure.USAGE);
        assertThat(run("kv", "delete", "settings", "k", "--prefix", "p").exitCode)
                .isEqualTo(Failure.USAGE);
        assertThat(run("kv", "delete", "settings", "k", "--dry-run").exitCode).isEqualTo(Failure.USAGE);
    }

    // ---- files

    private void bulk(int keys) throws IOException {
        StringBuilder pairs = new StringBuilder("[");
        for (int i = 0; i < keys; i++) {
            pairs.append(i == 0 ? "" : ",").append(String.format("{\"key\":\"k%05d\",\"value\":\"v\"}", i));
        }
        Path file = file("pairs.json", pairs.append(']').toString());
        assertThat(ok("kv", "bulk", "put", "settings", file.toString()).out).contains("Wrote " + keys + " keys.");
    }

    @Test
    void whatBulkGetPrintsBulkPutReadsBackTheSame() throws IOException {
        namespace("settings");
        namespace("copy");
        run(new byte[] {(byte) 0xfe, 1}, "kv", "put", "settings", "binary");
        ok("kv", "put", "settings", "text", "é", "--metadata", "[1]");
        Path keys = file("keys.json", "[\"binary\", {\"name\":\"text\"}, {\"key\":\"missing\"}]");
        Ran got = ok("kv", "bulk", "get", "settings", keys.toString());
        assertThat(got.err).contains("No key \"missing\"").contains("1 key of 3 not there");
        Path pairs = file("pairs.json", got.out);
        ok("kv", "bulk", "put", "copy", pairs.toString());
        assertThat(ok("kv", "get", "copy", "binary").bytes).containsExactly(0xfe, 1);
        assertThat(ok("kv", "get", "copy", "text", "--json")
                        .json()
                        .path("metadata")
                        .toString())
                .isEqualTo("[1]");
    }

    @Test
    void jsonLinesAreReadLikeAnArray() throws IOException {
        namespace("settings");
        Path lines = file("lines.json", "{\"key\":\"a\",\"value\":\"1\"}\n{\"key\":\"b\",\"value\":\"2\"}\n");
        ok("kv", "bulk", "put", "settings", lines.toString());
        Path keys = file("keys.json", "\"a\"\n\"b\"\n");
        assertThat(ok("kv", "bulk", "get", "settings", keys.toString(), "--json")
                        .out
                        .lines())
                .hasSize(2);
        assertThat(ok("kv", "bulk", "delete", "settings", keys.toString(), "--json")
                        .json()
                        .path("done")
                        .asInt())
                .isEqualTo(2);
        assertThat(ok("kv", "list", "settings").out).isEmpty();
    }

    @Test
    void aBatchThatIsRefusedSaysWhatIsDone() throws IOException {
        namespace("settings");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("{\"key\":\"k").append(i).append("\",\"value\":\"\"}\n");
        }
        lines.append("{\"key\":\"").append("x".repeat(513)).append("\",\"value\":\"\"}\n");
        Ran ran = run(
                "kv",
                "bulk",
                "put",
                "settings",
                file("pairs.json", lines.toString()).toString());
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err)
                .contains("The key is too long.")
                .contains("items 1001 to 1001")
                .contains("1000 before it");
    }

    @Test
    void aFileThatIsNotJsonNamesTheItemAndTheLine() throws IOException {
        namespace("settings");
        Path broken = file("pairs.json", "[{\"key\":\"a\",\"value\":\"1\"},\n{\"key\":]");
        Ran ran = run("kv", "bulk", "put", "settings", broken.toString());
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err).contains("item 2, line 2");
        Path wrong = file("wrong.json", "[{\"key\":\"a\"}]");
        assertThat(run("kv", "bulk", "put", "settings", wrong.toString()).err).contains("item 1: expected");
        assertThat(run("kv", "bulk", "put", "settings", "none.json").exitCode).isEqualTo(Failure.USAGE);
    }

    // ---- namespaces, tokens, providers

    @Test
    void aNamespaceIsMadeRenamedDeletedAndHadBack() {
        String id = ok("namespace", "create", "old").out.strip();
        ok("namespace", "rename", "old", "new");
        assertThat(ok("namespace", "set", "new", "--durability", "1", "--json")
                        .json()
                        .path("durability")
                        .asInt())
                .isEqualTo(1);
        assertThat(ok("namespace", "show", id).out).contains("new");
        assertThat(ok("namespace", "show", "new", "--field", "id").out.strip()).isEqualTo(id);
        assertThat(run("namespace", "show", "new", "--field", "idd").err)
                .contains("there are")
                .contains("title");
        assertThat(ok("namespace", "delete", "new").out).contains("holdfast namespace restore " + id);
        assertThat(ok("namespace", "list").err).contains("None yet");
        ok("namespace", "restore", "new");
        assertThat(ok("namespace", "list", "--json").json()).hasSize(1);
        assertThat(run("namespace", "set", "new").exitCode).isEqualTo(Failure.USAGE);
    }

    @Test
    void aNewTokenGoesAloneToStdout() {
        namespace("orders");
        Ran ran = ok("token", "create", "shop", "--namespace", "orders", "--permission", "read,list", "--for", "24h");
        assertThat(ran.out).isEqualTo("hf_secret" + System.lineSeparator());
        assertThat(ran.err).contains("shown this once");
        assertThat(run("token", "create", "shop", "--permission", "raed").exitCode)
                .isEqualTo(Failure.USAGE);
        assertThat(ok("token", "list").out).contains("t1").contains("shop");
        assertThat(ok("token", "revoke", "t1").out).contains("Revoked t1");
        assertThat(run("token", "revoke", "hf_secret").err)
                .contains("revoke that token")
                .doesNotContain("hf_secret");
    }

    @Test
    void theAdminTokenOfADataFolderIsReplacedWithoutAServer() throws IOException {
        Path token = file("admin-token", "hf_old");
        Ran ran = ok("token", "reset-admin", "--data", folder.toString());
        assertThat(Files.readString(token)).startsWith("hf_").doesNotContain("hf_old");
        assertThat(ran.out)
                .contains(token.toString())
                .doesNotContain(Files.readString(token).strip());
        assertThat(run("token", "reset-admin", "--data", folder + "/none").err).contains("There is no data folder");
    }

    @Test
    void statusSaysFirstWhetherAProviderCanBeLost() {
        assertThat(ok("status").out.lines().findFirst()).hasValue("Can I lose a provider now? YES");
        assertThat(ok("status", "--json").json().path("can_lose_one").asBoolean())
                .isTrue();
        assertThat(ok("provider", "list").out).contains("current");
        assertThat(ok("provider", "show", "b").out).contains("state").contains("current");
        assertThat(run("provider", "show", "bb").err).contains("did you mean");
    }

    @Test
    void explainShowsVersionsHintsAndWhy() {
        namespace("settings");
        assertThat(ok("explain", "settings", "k").out)
                .contains("no answer in time")
                .contains("0000000000000007")
                .contains("A read answers version 0000000000000007, from a.");
        assertThat(ok("explain", "settings", "k", "--json").json().path("homes"))
                .hasSize(1);
    }

    @Test
    void compareWaitsForTheEndOfItsOwnPass() {
        assertThat(ok("compare").out).contains("Compared 3 keys: all equal.");
        assertThat(ok("compare", "--json").json().path("finished_at").asInt()).isEqualTo(2);
    }

    // ---- drill

    @Test
    void aDrillReportsOneJsonObjectAndLeavesNothingBehind() {
        Ran ran = ok(
                "drill",
                "--provider",
                "b",
                "--mode",
                "blackhole",
                "--for",
                "150ms",
                "--before",
                "100ms",
                "--keys",
                "50",
                "--connections",
                "4",
                "--json");
        JsonNode report = ran.json();
        assertThat(report.path("passed").asBoolean()).isTrue();
        assertThat(report.path("requests_failed").asLong()).isZero();
        assertThat(report.path("during").path("reads").path("count").asLong()).isPositive();
        assertThat(report.path("detect_ms").isNumber()).isTrue();
        assertThat(report.path("writes_hinted").asLong()).isPositive();
        assertThat(server.faulty()).isFalse();
        assertThat(server.namespaceCount()).isZero();
    }

    @Test
    void aDrillThatFindsSomethingFailsAndSaysWhat() {
        server.mischief = TinyServer.Mischief.REFUSED_WRITES;
        server.onlyInFault = true;
        Ran ran = run(
                "drill", "--provider", "b", "--mode", "error", "--for", "100ms", "--before", "20ms", "--keys", "20");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.out)
                .contains("write: 503 too-few-homes")
                .contains("FAILED: ")
                .contains("failed");
    }

    @Test
    void aDrillThatMayNotBeIsRefusedBeforeItBegins() {
        server.allowDrills(false);
        Ran ran = run("drill", "--provider", "b", "--mode", "error");
        assertThat(ran.exitCode).isEqualTo(Failure.FAILED);
        assertThat(ran.err).contains("--drills");
        assertThat(run("drill", "--provider", "b", "--mode", "error", "--rate", "2").exitCode)
                .isEqualTo(Failure.USAGE);
        assertThat(run("drill", "--provider", "b", "--mode", "error", "--for", "soon").err)
                .contains("30s");
        assertThat(server.namespaceCount()).isZero();
    }
}
