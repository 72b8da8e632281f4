package dev.serai.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints the figures twice: tables for people and one line for machines. */
final class Report {
    /** Rates that are compared with those of the baselines. */
    private static final List<String> RATES =
            List.of("unrouted_rps", "door_rps", "ack_rps", "e2e_per_s", "steps3_per_s");

    private static final List<String> LATENCIES = List.of("half_p50_ms", "half_p99_ms", "open_p99_ms");

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
        ratios();
        figures();
        if (settings.baselines()) {
            comparison();
        }
        if (settings.measures("growth")) {
            growth();
        }
        say("");
        say("%,d acknowledged, %d lost, %d repeated, %d bad, %d foreign"
                .formatted(measure.acknowledged(), measure.lost(), measure.repeated(), sink.bad(), sink.foreign()));
        say("noise: calibration " + samples.text("cal_ms") + " ms, other processes " + samples.text("other_cpu_pct")
                + " % of one core; own cost: load " + samples.text("load_cpu_us") + " µs, sink "
                + samples.text("sink_cpu_us") + " µs a request; load sent late by at most "
                + samples.text("half_late_p99_ms") + " ms at half rate (p99)");
        say("");
        say(line(measure, sink, load));
    }

    private void ratios() {
        for (String rate : RATES) {
            String name = "ratio_" + rate.substring(0, rate.indexOf('_'));
            samples.ratio(name + "_bare", rate, "bare_ack_rps");
            samples.ratio(name + "_group", rate, "group_ack_rps");
            samples.ratio(name + "_insert", rate, "insert_per_s");
            samples.ratio("cost_" + rate, rate, "grown_" + rate);
        }
        for (String latency : LATENCIES) {
            samples.ratio("cost_" + latency, "grown_" + latency, latency);
        }
        samples.ratio("ratio_p99_bare", "p99_ms", "bare_p99_ms");
        samples.ratio("ratio_open_p99_bare", "open_p99_ms", "bare_open_p99_ms");
        samples.ratio("ratio_half_p99_group", "half_p99_ms", "group_half_p99_ms");
        samples.ratio("ratio_pss_bare", "pss_mb", "bare_pss_mb");
    }

    private void figures() {
        var table = new Table(samples, settings.name(), "bare Vert.x + INSERT", "bare Vert.x + group commit");
        table.row("intake, no flow takes it, /s", "unrouted_rps", "", "");
        table.row("  answer p99, ms", "unrouted_p99_ms", "", "");
        table.row("intake, flow does nothing, /s", "door_rps", "", "");
        table.row("  answer p50, ms", "door_p50_ms", "", "");
        table.row("  answer p99, ms", "door_p99_ms", "", "");
        table.row("intake while delivering, /s", "ack_rps", "bare_ack_rps", "group_ack_rps");
        table.row("  answer p50, ms", "p50_ms", "bare_p50_ms", "group_p50_ms");
        table.row("  answer p99, ms", "p99_ms", "bare_p99_ms", "group_p99_ms");
        table.row("at half of its intake, /s", "half_rate", "", "group_half_rate");
        table.row("  answer p50, ms", "half_p50_ms", "", "group_half_p50_ms");
        table.row("  answer p99, ms", "half_p99_ms", "", "group_half_p99_ms");
        fixedRate(table, settings.rate(), "open");
        fixedRate(table, 100, "p100");
        table.row("end to end, events/s", "e2e_per_s", "", "");
        table.row("CPU, ms an event", "cpu_ms_per_event", "bare_cpu_ms_per_event", "group_cpu_ms_per_event");
        table.row("in three steps, events/s", "steps3_per_s", "", "");
        table.row("  CPU, ms an event", "steps3_cpu_ms_per_event", "", "");
        table.row("burst of " + settings.burst() + ": taken, /s", "burst_ack_per_s", "", "");
        table.row("  last delivered after, s", "burst_s", "", "");
        table.row("  lost", "burst_lost", "", "");
        memory(table, "idle", "at rest");
        memory(table, "goal", "at " + settings.goal() + "/s");
        table.row("all, with PostgreSQL: PSS MB", "pss_mb", "bare_pss_mb", "");
        table.row("  as RSS, MB", "rss_mb", "bare_rss_mb", "");
        table.row("start on no data, s", "start_fresh_s", "", "");
        table.row("start again, s", "start_s", "", "");
        say(table.text(settings.baselines() ? 3 : 1));
    }

    private static void fixedRate(Table table, int rate, String name) {
        table.row("at " + rate + "/s: answer p50, ms", name + "_p50_ms", "bare_" + name + "_p50_ms", "");
        table.row("  answer p99, ms", name + "_p99_ms", "bare_" + name + "_p99_ms", "");
        table.row("  delivered p50, ms", name + "_delivery_p50_ms", "", "");
        table.row("  delivered p99, ms", name + "_delivery_p99_ms", "", "");
    }

    private static void memory(Table table, String name, String when) {
        table.row("hub " + when + ": RSS MB", name + "_hub_rss_mb", "", "");
        table.row("  as PSS, MB", name + "_hub_pss_mb", "", "");
        table.row("  its PostgreSQL: PSS MB", name + "_database_pss_mb", "", "");
        table.row("  delivered, /s", name + "_delivered_per_s", "", "");
    }

    private void comparison() {
        String one = "÷ " + settings.clients() + " clients, " + inserts.tool();
        var table = new Table(samples, "÷ bare Vert.x + INSERT", "÷ bare Vert.x + group commit", one);
        table.row("intake, no flow takes it", "ratio_unrouted_bare", "ratio_unrouted_group", "ratio_unrouted_insert");
        table.row("intake, flow does nothing", "ratio_door_bare", "ratio_door_group", "ratio_door_insert");
        table.row("intake while delivering", "ratio_ack_bare", "ratio_ack_group", "ratio_ack_insert");
        table.row("end to end", "ratio_e2e_bare", "ratio_e2e_group", "ratio_e2e_insert");
        table.row("in three steps", "ratio_steps3_bare", "ratio_steps3_group", "ratio_steps3_insert");
        table.row("p99 at half of its intake", "", "ratio_half_p99_group", "");
        table.row("single INSERTs, /s", "", "", "insert_per_s");
        say(table.text(3));
    }

    private void growth() {
        String grown = "%,d events, %d flows more".formatted(settings.history(), settings.flows());
        var table = new Table(samples, settings.name(), grown, "cost, times");
        table.row("intake, no flow takes it, /s", "unrouted_rps", "grown_unrouted_rps", "cost_unrouted_rps");
        table.row("intake, flow does nothing, /s", "door_rps", "grown_door_rps", "cost_door_rps");
        table.row("intake while delivering, /s", "ack_rps", "grown_ack_rps", "cost_ack_rps");
        table.row("end to end, events/s", "e2e_per_s", "grown_e2e_per_s", "cost_e2e_per_s");
        table.row("in three steps, events/s", "steps3_per_s", "grown_steps3_per_s", "cost_steps3_per_s");
        table.row("half of its intake: p50, ms", "half_p50_ms", "grown_half_p50_ms", "cost_half_p50_ms");
        table.row("  answer p99, ms", "half_p99_ms", "grown_half_p99_ms", "cost_half_p99_ms");
        table.row("at " + settings.rate() + "/s: p99, ms", "open_p99_ms", "grown_open_p99_ms", "cost_open_p99_ms");
        table.row("all, with PostgreSQL: PSS MB", "pss_mb", "grown_pss_mb", "");
        table.row("start again, s", "start_s", "grown_start_s", "");
        say(table.text(3));
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
