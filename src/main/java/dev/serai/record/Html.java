package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/** HTML as people read it. */
final class Html {
    private Html() {}

    static JsonNode text(JsonNode value) {
        String html = TextRules.text(value);
        if (html.indexOf('<') < 0 && html.indexOf('&') < 0) {
            return value.isTextual() ? value : TextNode.valueOf(html);
        }
        var text = new StringBuilder();
        Jsoup.parse(html).body().traverse(new Reader(text));
        String lines = text.toString()
                .lines()
                .map(line -> TextRules.squeezed(line))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
        return TextNode.valueOf(lines);
    }

    /** Text as it comes, a new line around each block. */
    private record Reader(StringBuilder text) implements NodeVisitor {
        @Override
        public void head(Node node, int depth) {
            if (node instanceof org.jsoup.nodes.TextNode words) {
                text.append(words.getWholeText().replace('\n', ' ').replace('\r', ' '));
            } else if (breaks(node)) {
                text.append('\n');
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (breaks(node)) {
                text.append('\n');
            }
        }

        private static boolean breaks(Node node) {
            return node instanceof Element element
                    && (element.isBlock() || element.normalName().equals("br"));
        }
    }
}
