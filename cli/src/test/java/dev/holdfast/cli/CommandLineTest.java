package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class CommandLineTest extends CommandRuns {
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
        assertThat(run("kv", "--help").out()).contains("bulk");
        Ran mistake = run("statsu");
        assertThat(mistake.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(mistake.out()).isEmpty();
        assertThat(mistake.err()).contains("holdfast status");
        assertThat(run("kv").exitCode()).isEqualTo(Failure.USAGE);
        assertThat(run("kv", "get", "settings").err()).contains("KEY").contains("See holdfast kv get --help");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(ok("completion").out())
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("--listen").contains("--admin-listen");
        assertThat(data).doesNotExist();
        Ran missing = run("server", "--config", folder + "/none.yaml");
        assertThat(missing.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(missing.err()).contains("none.yaml");
    }

    @Test
    void aServerThatIsNotThereIsExitCode3AndSaysHowToStartOne() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Ran ran = run("status", "--admin", "http://127.0.0.1:" + free);
        assertThat(ran.exitCode()).isEqualTo(Failure.NOT_REACHABLE);
        assertThat(ran.err())
                .contains("No server answers at http://127.0.0.1:" + free + "; start one with ./holdfast server");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void withoutATokenItSaysWhereItLooked() {
        environment.remove("HOLDFAST_TOKEN");
        Ran ran = run("status", "--data", folder.toString());
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("HOLDFAST_TOKEN is not set").contains(folder + "/admin-token does not exist");
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err())
                .contains("variable HOLDFAST_TOKEN")
                .contains("request r-1")
                .doesNotContain("hf_wrong");
    }

    @Test
    void anAddressThatIsNoneIsAUsageError() {
        Ran ran = run("status", "--admin", "localhost:4654");
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("--admin is \"localhost:4654\"").contains("http://127.0.0.1:4653");
    }

    // ---- namespaces, tokens, providers

    @Test
    void aNamespaceIsMadeRenamedDeletedAndHadBack() {
        String id = ok("namespace", "create", "old").out().strip();
        ok("namespace", "rename", "old", "new");
        assertThat(ok("namespace", "set", "new", "--durability", "1", "--json")
                        .json()
                        .path("durability")
                        .asInt())
                .isEqualTo(1);
        assertThat(ok("namespace", "set", "new", "--on-outage", "default(off)").out())
                .containsPattern("on_outage +default\\(off\\)");
        assertThat(ok("namespace", "list").out()).contains("ON OUTAGE").contains("default(off)");
        assertThat(ok("namespace", "set", "new", "--pinned", "true", "--json")
                        .json()
                        .path("pinned")
                        .asBoolean())
                .isTrue();
        assertThat(ok("namespace", "list").out()).contains("PINNED");
        assertThat(ok("namespace", "set", "new", "--needs", "first,second", "--json")
                        .json()
                        .path("needs")
                        .valueStream()
                        .map(tools.jackson.databind.JsonNode::asString))
                .containsExactly("first", "second");
        assertThat(ok("namespace", "set", "new", "--needs", "").out()).containsPattern("needs +-");
        String pinned = ok("namespace", "create", "--pinned", "flags").out().strip();
        assertThat(ok("namespace", "show", pinned, "--field", "pinned").out().strip())
                .isEqualTo("true");
        ok("namespace", "set", "flags", "--pinned", "false");
        assertThat(ok("namespace", "show", pinned, "--field", "pinned").out().strip())
                .isEqualTo("false");
        ok("namespace", "delete", "flags");
        assertThat(ok("namespace", "show", id).out()).contains("new");
        assertThat(ok("namespace", "show", "new", "--field", "id").out().strip())
                .isEqualTo(id);
        assertThat(run("namespace", "show", "new", "--field", "idd").err())
                .contains("there are")
                .contains("title");
        assertThat(ok("namespace", "delete", "new").out()).contains("holdfast namespace restore " + id);
        assertThat(ok("namespace", "list").err()).contains("None yet");
        ok("namespace", "restore", "new");
        assertThat(ok("namespace", "list", "--json").json()).hasSize(1);
        assertThat(run("namespace", "set", "new").exitCode()).isEqualTo(Failure.USAGE);
    }

    @Test
    void aNewTokenGoesAloneToStdout() {
        namespace("orders");
        Ran ran = ok("token", "create", "shop", "--namespace", "orders", "--permission", "read,list", "--for", "24h");
        assertThat(ran.out()).isEqualTo("hf_secret" + System.lineSeparator());
        assertThat(ran.err()).contains("shown this once");
        assertThat(run("token", "create", "shop", "--permission", "raed").exitCode())
                .isEqualTo(Failure.USAGE);
        assertThat(ok("token", "list").out()).contains("t1").contains("shop");
        assertThat(ok("token", "revoke", "t1").out()).contains("Revoked t1");
        assertThat(run("token", "revoke", "hf_secret").err())
                .contains("revoke that token")
                .doesNotContain("hf_secret");
    }

    @Test
    void aNodeThatIsGoneIsListedWithWhatItHoldsUpAndRemoved() {
        assertThat(ok("node", "list").out())
                .containsPattern("gone .*0000000000000007 +b +silent")
                .contains("this node");
        assertThat(ok("node", "remove", "gone", "--yes").out())
                .contains("Removed node gone")
                .contains("b");
        Ran wrong = run("node", "remove", "gnoe", "--yes");
        assertThat(wrong.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(wrong.err()).contains("did you mean gone");
        assertThat(run("node", "remove", "here", "--yes").err()).contains("Ask another node");
    }

    @Test
    void theAdminTokenOfADataFolderIsReplacedWithoutAServer() throws IOException {
        Path token = file("admin-token", "hf_old");
        Ran ran = ok("token", "reset-admin", "--data", folder.toString());
        assertThat(Files.readString(token)).startsWith("hf_").doesNotContain("hf_old");
        assertThat(ran.out())
                .contains(token.toString())
                .doesNotContain(Files.readString(token).strip());
        assertThat(run("token", "reset-admin", "--data", folder + "/none").err())
                .contains("There is no data folder");
    }

    @Test
    void theStatusOfAnEdgeIsItsCache() {
        server.becomeEdge();
        assertThat(ok("status").out())
                .startsWith("This node is an edge")
                .contains("Cache: 3 values")
                .doesNotContain("Can I lose");
    }

    @Test
    void statusSaysFirstWhetherAProviderCanBeLost() {
        assertThat(ok("status").out().lines().findFirst()).hasValue("Can I lose a provider now? YES");
        assertThat(ok("status").out())
                .containsPattern("Cache: 3 values in .* since start 7 hits, 0 misses, 2 stale, 0 gaps");
        assertThat(ok("status", "--json").json().path("can_lose_one").asBoolean())
                .isTrue();
        assertThat(ok("provider", "list").out()).contains("current");
        assertThat(ok("provider", "show", "b").out()).contains("state").contains("current");
        assertThat(run("provider", "show", "bb").err()).contains("did you mean");
    }

    @Test
    void explainShowsVersionsHintsAndWhy() {
        namespace("settings");
        assertThat(ok("explain", "settings", "k").out())
                .contains("no answer in time")
                .contains("0000000000000007")
                .contains("A read answers version 0000000000000007, from a.");
        assertThat(ok("explain", "settings", "k", "--json").json().path("homes"))
                .hasSize(1);
    }

    @Test
    void compareWaitsForTheEndOfItsOwnPass() {
        assertThat(ok("compare").out()).contains("Compared 3 keys: all equal.");
        assertThat(ok("compare").out()).contains("Compared 3 keys: 1 differed, 1 repaired.");
        assertThat(ok("compare", "--json").json().path("finished_at").asInt()).isEqualTo(3);
    }

    @Test
    void scrubWaitsForTheEndAndFailsWhenSomethingIsLeftDamaged() {
        assertThat(ok("scrub").out()).contains("Read 3 records of 30 B: none damaged.");
        Ran left = run("scrub");
        assertThat(left.exitCode()).isEqualTo(1);
        assertThat(left.out()).contains("1 damaged, 0 repaired.").contains("a  n  k  BEYOND REPAIR");
        assertThat(left.err()).contains("1 record damaged and not repaired.");
        assertThat(ok("scrub", "--no-wait").out()).contains("Started");
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.out())
                .contains("write: 503 too-few-homes")
                .contains("FAILED: ")
                .contains("failed");
    }

    @Test
    void aDrillThatMayNotBeIsRefusedBeforeItBegins() {
        server.allowDrills(false);
        Ran ran = run("drill", "--provider", "b", "--mode", "error");
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("--drills");
        assertThat(run("drill", "--provider", "b", "--mode", "error", "--rate", "2")
                        .exitCode())
                .isEqualTo(Failure.USAGE);
        assertThat(run("drill", "--provider", "b", "--mode", "error", "--for", "soon")
                        .err())
                .contains("30s");
        assertThat(server.namespaceCount()).isZero();
    }
}
