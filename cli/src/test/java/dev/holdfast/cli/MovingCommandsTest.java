package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.moving.Migration;
import dev.holdfast.cli.moving.Move;
import dev.holdfast.cli.moving.NodeAt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MovingCommandsTest extends CommandRuns {
    private static final String[] MOVE = {"--from", "a,b", "--to", "c,d", "--shadow", "1ms"};

    private TinyHomes node;

    @BeforeEach
    void homes() throws IOException {
        node = new TinyHomes("a", "b");
        environment.put("HOLDFAST_URL", node.url().toString());
        environment.put("HOLDFAST_ADMIN", node.url().toString());
    }

    @AfterEach
    void gone() {
        node.close();
    }

    private Ran migrate(String what, String... more) {
        String[] all = new String[2 + MOVE.length + more.length];
        all[0] = "migrate";
        all[1] = what;
        System.arraycopy(MOVE, 0, all, 2, MOVE.length);
        System.arraycopy(more, 0, all, 2 + MOVE.length, more.length);
        return run(all);
    }

    private Ran migrated(String what, String... more) {
        Ran ran = migrate(what, more);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return ran;
    }

    @Test
    void aProviderIsAddedPromotedDemotedAndRemovedByHand() {
        assertThat(ok("provider", "add", "c").out())
                .contains("provider c: joining")
                .contains("holdfast provider backfill c");
        assertThat(ok("provider", "list").out()).containsPattern("c +joining \\(complete\\)");
        assertThat(ok("provider", "backfill", "c").out()).contains("c holds all that the others hold");
        assertThat(ok("provider", "verify").out()).contains("a, b, c hold the same 1000 keys");
        ok("provider", "promote", "c");
        ok("provider", "demote", "a");
        assertThat(ok("provider", "drain", "a").out()).contains("Without provider a, all 1000 keys lie in enough");
        ok("provider", "remove", "a");
        assertThat(node.asked).containsExactly("c joining", "c serving", "a leaving", "a leaving", "a removed");
        assertThat(run("provider", "backfill", "cc").err()).contains("did you mean c");
    }

    @Test
    void whatIsRefusedIsSaidForEachNode() throws IOException {
        try (TinyHomes other = new TinyHomes("a", "b")) {
            other.refusal = "Every node has to write to provider c first.";
            Ran ran = run("provider", "promote", "c", "--also", other.url().toString());
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.out()).contains("NOT DONE: Every node has to write to provider c first.");
            assertThat(ran.err())
                    .contains("try again for these")
                    .contains(other.url().toString());
        }
    }

    @Test
    void verifyFailsWhenAProviderHoldsSomethingElse() {
        node.place("c", "joining");
        node.different = "c";
        Ran ran = run("provider", "verify");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("c holds 1000 keys; digest 1111");
        assertThat(ran.err()).contains("holdfast compare mends it");
        assertThat(run("provider", "verify", "c").exitCode()).isEqualTo(1);
        assertThat(run("provider", "verify", "a").exitCode()).isZero();
    }

    @Test
    void drainSaysWhichKeysWouldBeShort() {
        node.tooFew = 3;
        Ran ran = run("provider", "drain", "a");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains("Without provider a, 3 keys of 1000 would lie in fewer")
                .contains("shop cart\\u000a1: 1 of 2, at b");
    }

    @Test
    void drainFailsWhenOneThatStaysCouldNotBeReadAndNotWhenTheOneThatLeavesCouldNot() {
        node.unanswered = List.of("a");
        assertThat(ok("provider", "drain", "a").out())
                .contains("all 1000 keys lie in enough homes")
                .contains("Provider a itself could not be read");
        node.unanswered = List.of("a", "b");
        Ran ran = run("provider", "drain", "a");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("Not read to the end: b.").doesNotContain("enough homes");
    }

    @Test
    void theAuditListsWhatIsNotAsPromisedAndSaysSoWithItsExitCode() {
        node.place("c", "serving").put("domain", "there/hall/c");
        node.providerOf("a").put("domain", "far/away/a");
        node.providerOf("b").put("domain", "near/by/b");
        assertThat(ok("audit", "homes").out()).contains("All 1000 keys lie in as many independent homes");
        node.providerOf("b").put("domain", "far/away/a");
        node.providerOf("a").put("since", System.currentTimeMillis() - 40L * 86_400_000);
        node.providerOf("c").put("domain", "far/hall/c").put("hints", 2);
        node.different = "c";
        Ran ran = run("audit", "homes");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains("Providers a and b are one failure domain (far/away/a)")
                .contains("Providers a and c share operator far")
                .contains("Not the same keys are held by a and b, by c")
                .contains("Provider a has been current for 40 d")
                .contains("Provider c lacks 2 writes");
        assertThat(run("audit", "homes", "--json").json().path("facts").size()).isGreaterThanOrEqualTo(5);
        node.role("c", "leaving");
        assertThat(run("audit", "homes").out())
                .contains("Provider c is leaving")
                .contains("Namespace shop wants 2 independent homes, and there is 1");
    }

    @Test
    void aMoveGoesThroughAllStepsAndAgainThroughNone() {
        assertThat(migrated("plan").out())
                .contains("1000 keys; about 10000 a second")
                .containsSubsequence("add", "backfill", "shadow", "verify", "promote", "demote", "drain", "remove");
        assertThat(migrated("plan", "--json").json().path("steps")).hasSize(8);
        assertThat(migrated("status").out()).startsWith("Next: add.");
        assertThat(migrated("start").out())
                .containsSubsequence(
                        "add       c",
                        "backfill  d",
                        "shadow    c,d",
                        "verify    c,d",
                        "promote   c",
                        "demote    a",
                        "drain     a",
                        "remove    a",
                        "remove    b",
                        "Done in");
        assertThat(node.asked)
                .containsExactly(
                        "c joining",
                        "d joining",
                        "c serving",
                        "d serving",
                        "a leaving",
                        "b leaving",
                        "a removed",
                        "b removed");
        assertThat(migrated("status").out()).startsWith("Next: done.").contains("a: not in use");
        node.asked.clear();
        migrated("start");
        assertThat(node.asked).isEmpty();
    }

    @Test
    void aMoveThatWasStoppedGoesOnFromWhatTheNodesSay() {
        node.place("c", "serving");
        node.place("d", "joining");
        node.place("a", "leaving");
        assertThat(migrated("status", "--json").json().path("next").asString()).isEqualTo("promote");
        migrated("start", "--json")
                .out()
                .lines()
                .forEach(line -> assertThat(line).startsWith("{\"step\":"));
        assertThat(node.asked).containsExactly("d serving", "b leaving", "a removed", "b removed");
    }

    @Test
    void aMoveThatWouldLeaveTooFewHomesIsRefusedBeforeAnythingIsTakenAway() {
        Ran few = run("migrate", "plan", "--from", "a,b", "--to", "c");
        assertThat(few.exitCode()).isEqualTo(1);
        assertThat(few.err()).contains("there would be 1 provider (c)").contains("in 2 independent");
        assertThat(run("migrate", "start", "--from", "a,b", "--to", "c").err()).contains("independent failure domain");
        assertThat(node.asked).isEmpty();
        node.place("d", "joining").put("domain", "here/room/c");
        assertThat(migrate("start").err()).contains("there would be 1 independent failure domain ");
        assertThat(node.asked).containsExactly("c joining");
        node.providerOf("d").put("domain", "here/room/d");
        node.tooFew = 1;
        Ran shortOf = migrate("start");
        assertThat(shortOf.exitCode()).isEqualTo(1);
        assertThat(shortOf.err()).contains("shop cart").contains("Provider a stays.");
        assertThat(node.asked).doesNotContain("a removed");
        assertThat(node.comparisons).isEqualTo(5);
    }

    @Test
    void keysThatWouldBeShortAreComparedAndLookedAtAgain() {
        node.tooFew = 3;
        node.mendedAfter = 2;
        node.comparing();
        String out = migrated("start").out();
        String comparing = "drain     a: 3 keys would be short of a home; comparing\n";
        assertThat(out)
                .contains(comparing + comparing + "drain     a: no key of 1000 is short")
                .containsSubsequence("demote    b", comparing, comparing, "remove    b", "Done in");
        assertThat(out.split(comparing, -1)).hasSize(3);
        assertThat(node.comparisons).isEqualTo(2);
    }

    @Test
    void whatIsDifferentIsComparedByANodeThatIsStartedAgainMeanwhile() {
        node.different = "d";
        node.mendedAfter = 1;
        node.comparing();
        node.comparing();
        node.dies = true;
        assertThat(migrated("start").out())
                .containsOnlyOnce("The digest of d is another one than that of a and b. Comparing.")
                .contains("Done in");
        assertThat(node.dies).isFalse();
        assertThat(node.comparisons).isEqualTo(1);
    }

    @Test
    void aNodeThatCannotCompareIsWaitedForAsLongAsAnythingElse() {
        node.tooFew = 1;
        node.comparesNot = true;
        node.place("c", "serving");
        node.place("d", "joining").put("complete", false);
        Move move = new Move(List.of("a"), List.of("c"), Duration.ofMillis(1), Duration.ofMillis(200));
        List<String> steps = new ArrayList<>();
        Migration.Telling telling = new Migration.Telling() {
            @Override
            public void step(String step, String provider, String at, String sentence) {
                steps.add(step + " " + sentence);
            }

            @Override
            public void progress(String task, String unit, long at, long of) {}

            @Override
            public void progressEnds() {}
        };
        try (Api control = new Api(node.url(), TinyServer.TOKEN, "a test", Duration.ofSeconds(10), null)) {
            Migration migration = new Migration(List.of(new NodeAt(control)), move, () -> 2, telling);
            assertThatThrownBy(migration::run)
                    .hasMessageContaining("1 key of 1000 would lie in fewer")
                    .hasMessageContaining("Comparing at " + node.url() + " has come no further")
                    .hasMessageContaining("it begins once d lacks nothing")
                    .hasMessageContaining("Provider a stays.");
        }
        assertThat(steps).contains("drain 1 key would be short of a home; comparing");
    }

    @Test
    void aNameThatNobodyKnowsIsNoProviderThatHasLeft() {
        for (String command : new String[] {"plan", "start"}) {
            Ran ran = run("migrate", command, "--from", "x", "--to", "c,d");
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err()).contains("There is no provider \"x\"; there are a, b");
        }
        assertThat(run("migrate", "start", "--from", "a", "--to", "a").exitCode())
                .isEqualTo(2);
        assertThat(node.asked).isEmpty();
    }

    @Test
    void whatIsDifferentIsNotPromoted() {
        node.different = "d";
        Ran ran = migrate("start");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("The digest of d is another one than that of a and b");
        assertThat(node.asked).containsExactly("c joining", "d joining");
        JsonNode status = migrated("status", "--json").json();
        assertThat(status.path("next").asString()).isEqualTo("promote");
    }
}
