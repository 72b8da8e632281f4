package dev.serai.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures by name, one a round, in the order they were first met. */
final class Samples {
    private final Map<String, List<Double>> byName = new LinkedHashMap<>();

    void add(String name, double figure) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(figure);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    Iterable<String> names() {
        return byName.keySet();
    }

    double median(String name) {
        List<Double> sorted = byName.get(name).stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** The newest figure, that of this round. */
    double last(String name) {
        List<Double> all = byName.get(name);
        return all.get(all.size() - 1);
    }

    double least(String name) {
        return byName.get(name).stream().mapToDouble(f -> f).min().orElseThrow();
    }

    double most(String name) {
        return byName.get(name).stream().mapToDouble(f -> f).max().orElseThrow();
    }

    /** Adds {@code name} = the first figure over the second, round by round, when there are both. */
    void ratio(String name, String over, String under) {
        List<Double> a = byName.getOrDefault(over, List.of());
        List<Double> b = byName.getOrDefault(under, List.of());
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            add(name, a.get(i) / b.get(i));
        }
    }

    /** Median with its range, {@code 12,034 (11,800–12,400)}; "–" without a figure. */
    String text(String name) {
        if (!has(name)) {
            return "–";
        }
        return least(name) == most(name)
                ? plain(median(name))
                : plain(median(name)) + " (" + plain(least(name)) + "–" + plain(most(name)) + ")";
    }

    private static String plain(double figure) {
        double size = Math.abs(figure);
        String format = size >= 100 || figure == Math.rint(figure) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, figure);
    }
}
