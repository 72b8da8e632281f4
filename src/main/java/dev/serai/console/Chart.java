package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** The last sixty minutes as bars: what went well, and above it what did not. Drawn here, so that nothing has to be loaded. */
final class Chart {
    private static final int MINUTES = 60;
    private static final int HEIGHT = 100;

    private Chart() {}

    /** A minute. @param good and bad how often @param goodHeight and badHeight of 100 */
    record Bar(String at, long good, long bad, long goodHeight, long badHeight) {}

    /** Also the minutes in which nothing happened, the oldest first. @param minutes as the API tells them */
    static List<Bar> bars(JsonNode minutes, List<String> good, List<String> bad, Instant now) {
        var counts = new HashMap<Instant, JsonNode>();
        minutes.forEach(minute -> counts.put(Instant.parse(minute.path("minute").asText()), minute.path("counts")));
        long most = Math.max(
                1,
                counts.values().stream()
                        .mapToLong(each -> sum(each, good) + sum(each, bad))
                        .max()
                        .orElse(0));
        Instant last = now.truncatedTo(ChronoUnit.MINUTES);
        var bars = new ArrayList<Bar>();
        for (int i = 0; i < MINUTES; i++) {
            Instant minute = last.minus(MINUTES - 1L - i, ChronoUnit.MINUTES);
            JsonNode its = counts.get(minute);
            long well = its == null ? 0 : sum(its, good);
            long badly = its == null ? 0 : sum(its, bad);
            bars.add(new Bar(minute.toString(), well, badly, height(well, most), height(badly, most)));
        }
        return bars;
    }

    /** One among thousands is still to be seen. */
    private static long height(long count, long most) {
        return count == 0 ? 0 : Math.max(4, count * (HEIGHT - 4) / most);
    }

    private static long sum(JsonNode counts, List<String> outcomes) {
        return outcomes.stream()
                .mapToLong(outcome -> counts.path(outcome).asLong())
                .sum();
    }

    static long good(List<Bar> bars) {
        return bars.stream().mapToLong(Bar::good).sum();
    }

    static long bad(List<Bar> bars) {
        return bars.stream().mapToLong(Bar::bad).sum();
    }

    /** As a picture. @param style chart or spark @param what is counted, for who can't see it; plain words of ours */
    static SafeString svg(List<Bar> bars, String style, String what) {
        var svg = new StringBuilder();
        svg.append("<svg class=\"")
                .append(style)
                .append("\" viewBox=\"0 0 600 ")
                .append(HEIGHT + 2);
        svg.append("\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
                .append(what)
                .append(": ");
        svg.append(good(bars)).append(" in the last hour");
        if (bad(bars) > 0) {
            svg.append(", and ").append(bad(bars)).append(" that failed");
        }
        svg.append("\">");
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            long y = HEIGHT - bar.goodHeight;
            if (bar.good + bar.bad == 0) {
                rect(svg, "none", i, HEIGHT - 1, 1, "");
            }
            if (bar.good > 0) {
                rect(svg, "some", i, y, bar.goodHeight, bar.at + ": " + bar.good);
            }
            if (bar.bad > 0) {
                rect(
                        svg,
                        "fails",
                        i,
                        Math.max(0, y - bar.badHeight),
                        bar.badHeight,
                        bar.at + ": " + bar.bad + " failed");
            }
        }
        return new SafeString(svg.append("</svg>").toString());
    }

    private static void rect(StringBuilder svg, String style, int at, long y, long height, String title) {
        svg.append("<rect class=\"").append(style).append("\" x=\"").append(at * 10);
        svg.append("\" y=\"")
                .append(y + 1)
                .append("\" width=\"8\" height=\"")
                .append(height)
                .append("\">");
        svg.append(title.isEmpty() ? "" : "<title>" + title + "</title>").append("</rect>");
    }
}
