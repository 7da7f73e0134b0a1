package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RampViewTest {
    private static final String NAMESPACE = "{'namespace':'0','title':'%s','per_second':1,'from':'stale-only'}";

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private static String wave(int number, String more, String... titles) {
        List<String> namespaces =
                List.of(titles).stream().map(NAMESPACE::formatted).toList();
        return "{'number':" + number + ",'kind':'" + (titles.length == 0 ? "hottest-keys" : "namespaces")
                + "','tier':2,'per_second':" + titles.length + ",'namespaces':[" + String.join(",", namespaces) + "],"
                + more + "}";
    }

    private static JsonNode running(String holding) {
        return json("{'phase':'running','begun_at':0,'by':'token t','why':'after an outage of which there is a lot to"
                + " tell, so that this line is long','wave':2,'holding':'" + holding
                + "','calm_ms':12000,'left_ms':250000,'not_kept':'','waves':["
                + wave(1, "'share':100,'state':'open','keys':41") + ","
                + wave(
                        2,
                        "'share':25,'state':'opening','keys':0",
                        "a",
                        "b",
                        "c",
                        "d",
                        "e",
                        "f",
                        "g",
                        "h",
                        "i",
                        "j",
                        "k")
                + "," + wave(3, "'share':5,'state':'skipped','keys':0", "x".repeat(60)) + ","
                + wave(4, "'share':0,'state':'waiting','keys':0", "bulk\\u001b[2J", "y".repeat(40))
                + "],'notes':[],'look':{'calls':2061,'errors':0.004,'p99_ms':12.5,'wait_p99_ms':0,'busy':0.31},"
                + "'bounds':{'look_ms':5000,'calm_ms':30000,'errors':0.01,'p99_ms':500,'wait_p99_ms':200,'busy':0.9},"
                + "'by_hand':[{'namespace':'0','title':'stock','gate':'closed'}],"
                + "'history':[{'at':1,'kind':'step','wave':2,'by':'','sentence':'Wave 2 of 4 is opened to 25 %: all was"
                + " inside the bounds, and had been for a while.'}]}");
    }

    @Test
    void aRampIsShownInEightyColumnsWithABarForEachWave() {
        List<String> lines = RampView.status(running(""));
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines)
                .anyMatch(
                        line -> line.contains("the hottest keys (41)") && line.endsWith("[####################] open"))
                .anyMatch(line -> line.contains("a, b, c, d")
                        && line.contains(" +")
                        && line.endsWith("[#####               ] 25 %, 12/30 s"))
                .anyMatch(line -> line.contains("xxx..") && line.endsWith("5 %, skipped"))
                .anyMatch(line -> line.contains("bulk\\u001b") && line.endsWith("waiting"))
                .anyMatch(line -> line.contains("2061 calls in 5.0 s; failed 0.4 %"))
                .anyMatch(line -> line.contains("stock is closed"))
                .anyMatch(line -> line.contains("4 min 10 s"))
                .anyMatch(line -> line.contains("Wave 2 of 4 is opened to 25 %"));
        assertThat(String.join("\n", lines)).doesNotContain("\u001b").doesNotContain("HOLDS");
    }

    @Test
    void whatKeepsARampFromGoingOnIsSaid() {
        assertThat(RampView.status(running("p99 is 900 ms (bound 500 ms)")))
                .anyMatch(line -> line.endsWith("25 %, HOLDS"))
                .anyMatch(line -> line.startsWith("HOLDS: p99 is 900 ms"));
    }

    @Test
    void thatARampWaitsForCallsIsSaid() {
        ObjectNode ramp = (ObjectNode) running("");
        ramp.put("waiting", "no call has come since the last step");
        assertThat(RampView.status(ramp))
                .contains("Waits: no call has come since the last step")
                .noneMatch(line -> line.contains("HOLDS"));
    }

    @Test
    void aPlanSaysItsStepsItsTimeAndWhatItShuts() {
        JsonNode plan = json("{'waves':[" + wave(1, "'shares':[50,100],'takes_ms':60000") + ","
                + wave(2, "'shares':[1,3,5,25,100],'takes_ms':150000", "shop")
                + "],'notes':['a does not wait for b'],'takes_ms':215000,'shuts':3,'hot_keys':7}");
        List<String> lines = RampView.plan(plan);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines)
                .anyMatch(line -> line.contains("the hottest keys (7 now)") && line.endsWith("1 min 0 s"))
                .anyMatch(line -> line.contains("shop") && line.contains("1 3 5 25 100: 2 min 30 s"))
                .anyMatch(line -> line.contains("3 namespaces are open now"))
                .anyMatch(line -> line.contains("it takes 3 min 35 s"))
                .contains("a does not wait for b");
    }

    @Test
    void aPlanOfNothingSaysHowThereWouldBeSomething() {
        JsonNode plan = json("{'waves':[" + wave(1, "'shares':[],'takes_ms':0") + "],'notes':[],'takes_ms':5000,"
                + "'shuts':0,'hot_keys':0}");
        assertThat(String.join(" ", RampView.plan(plan)))
                .contains("Nothing to open")
                .contains("--all");
    }
}
