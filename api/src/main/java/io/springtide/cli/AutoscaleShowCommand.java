package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide autoscale show}. */
@Command(name = "show", //
        description = "Show in words how an app's policy stands, and what is measured.")
final class AutoscaleShowCommand extends ApiCommand {

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--watch", description = "A line whenever something changes, until Ctrl-C.")
    private boolean watch;

    AutoscaleShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        Looks looks = new Looks(terminal, client, AutoscaleGroup.path(id));
        Json shown = looks.first();
        output.printOne(terminal, shown, id, lines(shown));
        String before = line(shown);
        while (watch) {
            terminal.out().flush();
            Json now = looks.next();
            String line = line(now);
            if (!line.equals(before)) {
                output.printOne(terminal, now, id,
                        List.of(now.get("state").get("at").text() + "  " + line));
                before = line;
            }
        }
        return Exit.OK;
    }

    /** What is worth a new line. */
    private static String line(Json shown) {
        Json state = shown.get("state");
        StringBuilder line = new StringBuilder();
        line.append(state.get("wanted").text()).append(" wanted, ")
                .append(state.get("ready").textOr("?")).append(" ready");
        for (Json metric : state.get("metrics").items()) {
            line.append("; ").append(metric.get("metric").text()).append(' ')
                    .append(metric.get("value").textOr("?")).append(" of ")
                    .append(metric.get("target").text());
        }
        Json ahead = state.get("prefetch");
        if (!ahead.isMissing()) {
            line.append("; ").append(ahead.get("what").text()).append(" on ")
                    .append(ahead.get("done").text()).append(" of ")
                    .append(ahead.get("agents").text()).append(" agents");
        }
        if (state.get("frozen").asBoolean()) {
            line.append("; frozen: ").append(state.get("trouble").text());
        }
        return line.toString();
    }

    private static List<String> lines(Json shown) {
        Json state = shown.get("state");
        Json policy = shown.get("policy");
        List<String> lines = new ArrayList<>();
        lines.add(shown.get("sentence").text());
        lines.add("Between " + policy.get("min").text() + " and " + policy.get("max").text()
                + " instances; wanted " + state.get("wanted").text() + ", ready "
                + state.get("ready").textOr("?") + ", starting "
                + state.get("launching").textOr("?") + ", standbys "
                + state.get("standbys").get("frozen").textOr("0") + " of "
                + state.get("standbys").get("wanted").textOr("0") + ".");
        if (!state.get("metrics").items().isEmpty()) {
            Table table = new Table("METRIC", ">VALUE", ">TARGET", ">AGE", ">ASKS FOR", "");
            for (Json metric : state.get("metrics").items()) {
                String age = metric.get("ageSeconds").text();
                table.row(name(metric), amount(metric.get("value")), amount(metric.get("target")),
                        age.isEmpty() ? "" : Moments.span(Math.round(Double.parseDouble(age))),
                        metric.get("asks").text(), metric.get("sentence").text());
            }
            lines.addAll(table.lines(true));
        }
        for (Json window : state.get("schedules").items()) {
            lines.add("Schedule " + window.get("name").text() + " asks for "
                    + window.get("instances").text() + " from " + window.get("from").text()
                    + " to " + window.get("to").text() + "; now for " + window.get("asks").text()
                    + ".");
        }
        Json ahead = state.get("prefetch");
        if (!ahead.isMissing()) {
            lines.add(ahead.get("sentence").text());
        }
        Json decision = shown.get("decision");
        if (!decision.isMissing()) {
            lines.add("Last decision, " + decision.get("at").text() + ": "
                    + decision.get("sentence").text());
        }
        return lines;
    }

    private static String name(Json metric) {
        String query = metric.get("query").text();
        return metric.get("metric").text() + (query.isEmpty() ? "" : " " + query);
    }

    private static String amount(Json number) {
        return number.text().isEmpty() ? "" : Moments.amount(number.asDouble());
    }
}
