package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A flow as a picture: from top to bottom, ways that part below and to the right of the step where they do. 340 units wide, so
 * that it can be read on a phone as it is. What it says stands beside it as a list, too.
 */
final class FlowDrawing {
    private static final int WIDTH = 340;
    private static final int NODE = 42;
    private static final int GAP = 14;
    private static final int LABEL = 22;
    private static final int INDENT = 16;
    /** Of the letters used here, on average; a longer text is cut. */
    private static final double LETTER = 6.3;

    private static final double BOLD = 7.0;

    /** In the order in which they are shown, with the word that the style sheet knows. */
    private static final List<Map.Entry<String, String>> COUNTS = List.of(
            Map.entry("success", "good"),
            Map.entry("waiting", "idle"),
            Map.entry("dead", "bad"),
            Map.entry("in_doubt", "doubt"));

    private final StringBuilder svg = new StringBuilder();
    private final String flow;
    private int y = 2;

    private FlowDrawing(String flow) {
        this.flow = flow;
    }

    /** @param flow as the API shows it */
    static SafeString svg(JsonNode flow) {
        var drawing = new FlowDrawing(flow.path("flow").asText());
        drawing.start(flow);
        drawing.steps(flow.path("steps"), 0);
        int height = drawing.y + 2;
        return new SafeString("<svg class=\"flow\" viewBox=\"0 0 " + WIDTH + " " + height
                + "\" role=\"group\" aria-label=\"The flow, drawn; the list of its steps says the same\">" + drawing.svg
                + "</svg>");
    }

    private void start(JsonNode flow) {
        node(
                "start",
                "",
                flow.path("from").asText("its file is gone"),
                flow.path("description").asText(),
                0,
                List.of());
    }

    private void steps(JsonNode steps, int depth) {
        for (JsonNode step : steps) {
            down(depth);
            String id = step.path("step").asText("");
            String kind = step.path("kind").asText();
            String what = step.path("what").asText();
            boolean calls = kind.equals("connector");
            String target = calls && !id.isEmpty()
                    ? "/runs?flow=" + HubPages.word(flow) + "&step=" + HubPages.word(id)
                    : kind.equals("mapping") && what.matches("[\\w.-]+/[\\w.-]+") ? "/mappings/" + what : "";
            node(style(kind), target, id.isEmpty() ? kind : id, (kind + " " + what).strip(), depth, counts(step));
            branches(step.path("branches"), depth);
        }
    }

    private static String style(String kind) {
        return switch (kind) {
            case "connector", "mapping", "event", "choice" -> kind;
            default -> "other";
        };
    }

    private void branches(JsonNode branches, int depth) {
        int fork = y;
        int last = y;
        for (JsonNode branch : branches) {
            last = y + GAP / 2 + LABEL / 2;
            int x = INDENT * depth + 10;
            line(x, last, x + INDENT - 4, last);
            text("when", x + INDENT, last + 4, cut(branch.path("when").asText(), WIDTH - x - INDENT, LETTER));
            y += GAP / 2 + LABEL;
            steps(branch.path("steps"), depth + 1);
        }
        if (last > fork) {
            line(INDENT * depth + 10, fork, INDENT * depth + 10, last);
        }
    }

    private void down(int depth) {
        if (depth == 0) {
            line(10, y, 10, y + GAP);
        }
        y += depth == 0 ? GAP : 6;
    }

    private void line(int x1, int y1, int x2, int y2) {
        svg.append("<path d=\"M").append(x1).append(' ').append(y1);
        svg.append(" L").append(x2).append(' ').append(y2).append("\"/>");
    }

    /** What is to be said of a step in figures: of the last hour what succeeded, of now what lies there. */
    private static List<String[]> counts(JsonNode step) {
        var counts = new ArrayList<String[]>();
        for (var each : COUNTS) {
            long count = step.path(each.getKey().equals("success") ? "last_hour" : "runs")
                    .path(each.getKey())
                    .asLong();
            if (count > 0) {
                counts.add(new String[] {each.getValue(), shape(each.getKey()) + " " + count});
            }
        }
        return counts;
    }

    private static String shape(String state) {
        return Filters.SHAPES.get(state);
    }

    private void node(String style, String target, String title, String below, int depth, List<String[]> counts) {
        int x = INDENT * depth + 1;
        int width = WIDTH - x - 1;
        if (!target.isEmpty()) {
            svg.append("<a href=\"").append(escaped(target)).append("\">");
        }
        svg.append("<g class=\"").append(style).append("\"><title>").append(escaped(title + ": " + below));
        svg.append("</title><rect x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\" width=\"")
                .append(width);
        svg.append("\" height=\"").append(NODE).append("\" rx=\"7\"/>");
        double right = x + width - 10;
        for (int i = counts.size() - 1; i >= 0; i--) {
            String words = counts.get(i)[1];
            svg.append("<text class=\"count ")
                    .append(counts.get(i)[0])
                    .append("\" x=\"")
                    .append((int) right);
            svg.append("\" y=\"")
                    .append(y + 18)
                    .append("\">")
                    .append(escaped(words))
                    .append("</text>");
            right -= words.length() * BOLD + 14;
        }
        text("name", x + 12, y + (below.isEmpty() ? 26 : 18), cut(title, right - x - 14, BOLD));
        text("below", x + 12, y + 34, cut(below, width - 22, LETTER));
        svg.append("</g>").append(target.isEmpty() ? "" : "</a>");
        y += NODE;
    }

    private void text(String style, int x, int at, String words) {
        svg.append("<text class=\"")
                .append(style)
                .append("\" x=\"")
                .append(x)
                .append("\" y=\"")
                .append(at);
        svg.append("\">").append(escaped(words)).append("</text>");
    }

    private static String cut(String words, double width, double letter) {
        int most = Math.max(4, (int) (width / letter));
        return words.length() <= most ? words : words.substring(0, most - 1) + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
