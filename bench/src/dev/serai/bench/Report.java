package dev.serai.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the figures twice: a table for people and one line for machines. */
final class Report {
    private final Settings settings;
    private final Samples samples;
    private final Inserts inserts = new Inserts();
    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);

    Report(Settings settings, Samples samples) {
        this.settings = settings;
        this.samples = samples;
    }

    void head(String machine, double load) {
        say(machine + ", load average before " + load);
        say("N=%d events end to end, %d connections, %d s a measurement, open loop at %d/s, %d rounds"
                .formatted(
                        settings.events(),
                        settings.connections(),
                        settings.duration().toSeconds(),
                        settings.rate(),
                        settings.rounds()));
    }

    void say(String line) {
        out.println(line);
    }

    void print(Measure measure, Sink sink, double load) {
        samples.ratio("ratio_ack_bare", "ack_rps", "bare_ack_rps");
        samples.ratio("ratio_ack_insert", "ack_rps", "insert_per_s");
        samples.ratio("ratio_e2e_bare", "e2e_per_s", "bare_ack_rps");
        samples.ratio("ratio_p99_bare", "p99_ms", "bare_p99_ms");
        samples.ratio("ratio_open_p99_bare", "open_p99_ms", "bare_open_p99_ms");
        samples.ratio("ratio_pss_bare", "pss_mb", "bare_pss_mb");
        say("");
        table();
        say("");
        if (settings.baselines()) {
            say("hub intake ÷ single inserts: " + samples.text("ratio_ack_insert"));
        }
        say("%,d acknowledged, %d lost, %d repeated, %d bad, %d foreign"
                .formatted(measure.acknowledged(), measure.lost(), measure.repeated(), sink.bad(), sink.foreign()));
        say("noise: calibration " + samples.text("cal_ms") + " ms, other processes " + samples.text("other_cpu_pct")
                + " % of one core; own cost: load " + samples.text("load_cpu_us") + " µs, sink "
                + samples.text("sink_cpu_us") + " µs an event");
        say("");
        say(line(measure, sink, load));
    }

    private void table() {
        var rows = new ArrayList<List<String>>();
        String one = settings.clients() + " clients, " + inserts.tool();
        rows.add(List.of("median (least–most)", settings.name(), "bare Vert.x + INSERT", one, "hub ÷ bare"));
        row(rows, "intake, events/s", "ack_rps", "insert_per_s", "ratio_ack_bare");
        row(rows, "  answer p50, ms", "p50_ms", "", "");
        row(rows, "  answer p99, ms", "p99_ms", "", "ratio_p99_bare");
        row(rows, "at " + settings.rate() + "/s: answer p50, ms", "open_p50_ms", "", "");
        row(rows, "  answer p99, ms", "open_p99_ms", "", "ratio_open_p99_bare");
        row(rows, "  delivered p50, ms", "delivery_p50_ms", "", "");
        row(rows, "  delivered p99, ms", "delivery_p99_ms", "", "");
        row(rows, "end to end, events/s", "e2e_per_s", "", "ratio_e2e_bare");
        row(rows, "CPU, ms an event", "cpu_ms_per_event", "", "");
        row(rows, "memory, peak PSS MB", "pss_mb", "", "ratio_pss_bare");
        row(rows, "  as RSS, MB", "rss_mb", "", "");
        row(rows, "start on no data, s", "start_fresh_s", "", "");
        row(rows, "start again, s", "start_s", "", "");
        int columns = settings.baselines() ? 5 : 2;
        for (int i = 0; i < rows.size(); i++) {
            say(join(rows.get(i).subList(0, columns)));
            if (i == 0) {
                say("|---".repeat(columns) + "|");
            }
        }
    }

    private void row(List<List<String>> rows, String label, String name, String insert, String ratio) {
        if (samples.has(name) || samples.has("bare_" + name)) {
            rows.add(List.of(
                    label, samples.text(name), samples.text("bare_" + name), samples.text(insert), samples.text(ratio)));
        }
    }

    private static String join(List<String> cells) {
        var line = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) {
            line.append(String.format(i == 0 ? " %-26s |" : " %24s |", cells.get(i)));
        }
        return line.toString();
    }

    /** Every figure as {@code name=median}, with {@code name_min} and {@code name_max} when the rounds differ. */
    private String line(Measure measure, Sink sink, double load) {
        var line = new StringBuilder("bench=" + settings.name() + " rounds=" + settings.rounds());
        line.append(" n=").append(settings.events()).append(" conns=").append(settings.connections());
        line.append(" duration_s=").append(settings.duration().toSeconds());
        line.append(" rate=").append(settings.rate());
        for (String name : samples.names()) {
            put(line, name, samples.median(name));
            if (samples.least(name) < samples.most(name)) {
                put(line, name + "_min", samples.least(name));
                put(line, name + "_max", samples.most(name));
            }
        }
        line.append(" acked=").append(measure.acknowledged()).append(" lost=").append(measure.lost());
        line.append(" dup=").append(measure.repeated()).append(" bad=").append(sink.bad());
        line.append(" foreign=").append(sink.foreign());
        line.append(settings.baselines() ? " insert_tool=" + inserts.tool() : "");
        return line.append(" load_before=").append(load).toString();
    }

    private static void put(StringBuilder line, String name, double figure) {
        line.append(' ').append(name).append('=');
        line.append(figure == Math.rint(figure) ? "" + (long) figure : String.format(Locale.ROOT, "%.2f", figure));
    }
}
