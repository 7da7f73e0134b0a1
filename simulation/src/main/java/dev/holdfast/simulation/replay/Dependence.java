package dev.holdfast.simulation.replay;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How the outcome of one arm depends on something that was assumed: bars for what it changes, and a sentence for what it does not. */
final class Dependence {
    private final List<Replays.Sensitivity> tried;

    private Dependence(List<Replays.Sensitivity> tried) {
        this.tried = tried;
    }

    /** @param column what was varied */
    static String of(List<Replays.Sensitivity> tried, String title, String column) {
        return "<section><h2>" + escaped(title) + "</h2>\n" + new Dependence(tried).write(column) + "</section>\n";
    }

    private String write(String column) {
        boolean failed = varies(Replays.Sensitivity::failed);
        boolean lost = varies(Replays.Sensitivity::lost);
        Replays.Sensitivity first = tried.getFirst();
        String failing =
                first.failed() == 0 ? "no request fails" : Verdict.percent(first.failed()) + " of the requests fail";
        String losing = first.lost() == 0 ? "nothing acknowledged is lost" : first.lost() + " writes are lost";
        if (!failed && !lost) {
            return paragraph("Nothing, from " + duration(first) + " to " + duration(tried.getLast()) + ": " + failing
                    + ", and " + losing + ".");
        }
        StringBuilder out = new StringBuilder("<table>");
        out.append(
                failed && lost
                        ? Markup.heading(column, "requests failed", "", "acknowledged writes lost", "")
                        : Markup.heading(column, failed ? "requests failed" : "acknowledged writes lost", ""));
        out.append("<tbody>\n");
        double most = Math.max(
                1, tried.stream().mapToLong(Replays.Sensitivity::lost).max().orElse(0));
        for (Replays.Sensitivity each : tried) {
            out.append("<tr>").append(cell(column, "", duration(each)));
            if (failed) {
                out.append(bar(Verdict.percent(each.failed()), each.failed()));
            }
            if (lost) {
                out.append(bar(Long.toString(each.lost()), each.lost() / most));
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n");
        return out.append(failed && lost ? "" : paragraph("In every row " + (failed ? losing : failing) + "."))
                .toString();
    }

    private boolean varies(ToDoubleFunction<Replays.Sensitivity> figure) {
        return tried.stream().mapToDouble(figure).distinct().count() > 1;
    }

    private static String paragraph(String sentence) {
        return "<p>" + escaped(sentence) + "</p>\n";
    }

    private static String bar(String figure, double share) {
        return String.format(
                Locale.ROOT,
                "<td>%s</td><td class=\"bar\"><i style=\"width:%.1f%%\"></i></td>",
                escaped(figure),
                100 * share);
    }

    private static String duration(Replays.Sensitivity tried) {
        long seconds = tried.seconds();
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
