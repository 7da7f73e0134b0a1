package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KeyCommandsTest extends CommandRuns {
    @Test
    void aValueComesBackByteForByte() {
        namespace("settings");
        byte[] value = {0, (byte) 0xff, 10, 13, 0};
        assertThat(run(value, "kv", "put", "settings", "a/b c%//é").out())
                .contains("version")
                .contains("a, b");
        assertThat(ok("kv", "get", "settings", "a/b c%//é").bytes()).isEqualTo(value);
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("There is no key \"k\" in settings");
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
            assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
            assertThat(ran.err()).contains("There is no namespace \"setings\"; did you mean \"settings\"?");
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("Nothing was written").contains(version);
        assertThat(run("kv", "put", "settings", "k", "w", "--if-absent").exitCode())
                .isEqualTo(Failure.FAILED);
        ok("kv", "put", "settings", "k", "w", "--if-match", version);
    }

    @Test
    void aValueThatNobodyVouchesForIsPrintedWithARemarkAndCanBeAskedFor() {
        namespace("settings");
        ok("kv", "put", "settings", "stale", "v");
        Ran stale = ok("kv", "get", "settings", "stale");
        assertThat(stale.out()).isEqualTo("v");
        assertThat(stale.err()).contains("the last known good, 1 min 30 s old");
        assertThat(ok("kv", "get", "settings", "stale", "--mode", "confirmed").err())
                .isEmpty();
    }

    @Test
    void metadataThatIsNotJsonIsAUsageErrorAndNothingIsWritten() {
        namespace("settings");
        assertThat(run("kv", "put", "settings", "k", "v", "--metadata", "{a").exitCode())
                .isEqualTo(Failure.USAGE);
        assertThat(run("kv", "get", "settings", "k").exitCode()).isEqualTo(Failure.FAILED);
    }

    @Test
    void listingGoesOverAllPagesAndJsonIsOneDocumentALine() throws IOException {
        namespace("settings");
        bulk(2_500);
        assertThat(ok("kv", "list", "settings").out().lines()).hasSize(2_500).isSorted();
        assertThat(ok("kv", "list", "settings", "--prefix", "k0001", "--json")
                        .out()
                        .lines())
                .hasSize(10)
                .allSatisfy(line -> assertThat(
                                Json.MAPPER.readTree(line).path("name").stringValue())
                        .startsWith("k0001"));
        assertThat(ok("kv", "list", "settings", "--limit", "7").out().lines()).hasSize(7);
    }

    @Test
    void aListingWithValuesPrintsThemLast() {
        namespace("settings");
        ok("kv", "put", "settings", "a", "1\n2");
        run(new byte[] {(byte) 0xfe, 1}, "kv", "put", "settings", "b");
        assertThat(ok("kv", "list", "settings", "--values").out())
                .isEqualTo("a\t1\\u000a2\nb\t(2 bytes that are no text)\n");
        assertThat(ok("kv", "list", "settings", "--values", "--long")
                        .out()
                        .lines()
                        .findFirst())
                .hasValueSatisfying(line -> assertThat(line).endsWith("\t3\t-\t-\t1\\u000a2"));
        assertThat(ok("kv", "list", "settings", "--values", "--json").out().lines())
                .anySatisfy(line -> assertThat(line).contains("\"value\":\"1\\n2\""))
                .anySatisfy(line -> assertThat(line).contains("\"value_base64\":\"/gE=\""));
        assertThat(ok("kv", "list", "settings", "--json").out()).doesNotContain("value");
    }

    @Test
    void aDryRunOfDeletingAPrefixNamesSomeAndDeletesNothing() throws IOException {
        namespace("settings");
        bulk(30);
        assertThat(ok("kv", "delete", "settings", "--prefix", "k", "--dry-run").out())
                .contains("Would delete 30 keys.")
                .contains("k00000")
                .contains("and 20 more");
        assertThat(ok("kv", "list", "settings").out().lines()).hasSize(30);
        assertThat(ok("kv", "delete", "settings", "--prefix", "k0000").out()).contains("Deleted 10 of 10 keys.");
        assertThat(ok("kv", "list", "settings").out().lines()).hasSize(20);
    }

    @Test
    void deletingNeedsAKeyOrAPrefixAndNotBoth() {
        namespace("settings");
        assertThat(run("kv", "delete", "settings").exitCode()).isEqualTo(Failure.USAGE);
        assertThat(run("kv", "delete", "settings", "k", "--prefix", "p").exitCode())
                .isEqualTo(Failure.USAGE);
        assertThat(run("kv", "delete", "settings", "k", "--dry-run").exitCode()).isEqualTo(Failure.USAGE);
    }

    private void bulk(int keys) throws IOException {
        StringBuilder pairs = new StringBuilder("[");
        for (int i = 0; i < keys; i++) {
            pairs.append(i == 0 ? "" : ",").append(String.format("{\"key\":\"k%05d\",\"value\":\"v\"}", i));
        }
        Path file = file("pairs.json", pairs.append(']').toString());
        assertThat(ok("kv", "bulk", "put", "settings", file.toString()).out()).contains("Wrote " + keys + " keys.");
    }

    @Test
    void whatBulkGetPrintsBulkPutReadsBackTheSame() throws IOException {
        namespace("settings");
        namespace("copy");
        run(new byte[] {(byte) 0xfe, 1}, "kv", "put", "settings", "binary");
        ok("kv", "put", "settings", "text", "é", "--metadata", "[1]");
        Path keys = file("keys.json", "[\"binary\", {\"name\":\"text\"}, {\"key\":\"missing\"}]");
        Ran got = ok("kv", "bulk", "get", "settings", keys.toString());
        assertThat(got.err()).contains("No key \"missing\"").contains("1 key of 3 not there");
        Path pairs = file("pairs.json", got.out());
        ok("kv", "bulk", "put", "copy", pairs.toString());
        assertThat(ok("kv", "get", "copy", "binary").bytes()).containsExactly(0xfe, 1);
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
                        .out()
                        .lines())
                .hasSize(2);
        assertThat(ok("kv", "bulk", "delete", "settings", keys.toString(), "--json")
                        .json()
                        .path("done")
                        .asInt())
                .isEqualTo(2);
        assertThat(ok("kv", "list", "settings").out()).isEmpty();
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
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err())
                .contains("The key is too long.")
                .contains("items 1001 to 1001")
                .contains("1000 before it");
    }

    @Test
    void aFileThatIsNotJsonNamesTheItemAndTheLine() throws IOException {
        namespace("settings");
        Path broken = file("pairs.json", "[{\"key\":\"a\",\"value\":\"1\"},\n{\"key\":]");
        Ran ran = run("kv", "bulk", "put", "settings", broken.toString());
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("item 2, line 2");
        Path wrong = file("wrong.json", "[{\"key\":\"a\"}]");
        assertThat(run("kv", "bulk", "put", "settings", wrong.toString()).err()).contains("item 1: expected");
        assertThat(run("kv", "bulk", "put", "settings", "none.json").exitCode()).isEqualTo(Failure.USAGE);
    }
}
