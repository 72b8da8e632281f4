package dev.serai.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.connector.Connector;
import dev.serai.connector.Operation;
import dev.serai.file.Durations;
import dev.serai.file.FileRefused;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import dev.serai.run.Cost;
import dev.serai.run.Window;
import dev.serai.store.Buckets.Limited;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/** What the flows will cost that call remotes each time the clock says so. */
public final class Polls {
    private static final Duration DAY = Duration.ofDays(1);
    /** Faster than that, a webhook is the better way (N-31). */
    private static final Duration OFTEN = Duration.ofMinutes(5);

    private static final Pattern SETTING = Pattern.compile("\\{\\{([^:}]+)(?::([^}]*))?}}");
    private static final long MOST_A_DAY = 86_400;

    private final List<FlowFile> files = new ArrayList<>();
    private final Library library;
    private final Function<String, Optional<String>> settings;

    /** @param settings to look up what a flow leaves open */
    public Polls(Path routes, Library library, Function<String, Optional<String>> settings) {
        this.library = library;
        this.settings = settings;
        try (Stream<Path> found = Files.list(routes)) {
            for (Path file : found.filter(f -> f.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList()) {
                try {
                    files.add(FlowFile.read(routes.getFileName() + "/" + file.getFileName(), Files.readString(file)));
                } catch (FileRefused e) {
                    // the lint tells
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An operation that is called again and again by the clock.
     *
     * @param every how often at the most
     * @param aDay calls a day at least: of a stream one page each time, of anything else one record
     * @param always whether each time makes it; else it is only the most
     * @param asks whether it looks for what a webhook might tell
     */
    public record Poll(
            String route,
            Yaml at,
            Connector connector,
            String operation,
            Duration every,
            long aDay,
            boolean always,
            boolean asks) {

        /** What a day of it takes of a window, in percent of what the window brings in a day. */
        public double percentOf(Window window) {
            double days = (double) window.per().toMillis() / DAY.toMillis();
            return new Cost(connector.quotas().units(operation, 1).times(aDay)).percentOf(window) * days;
        }
    }

    public List<Poll> all() {
        var polls = new ArrayList<Poll>();
        for (FlowFile file : files) {
            file.routes().forEach((id, route) -> {
                List<FlowFile.Use> uses = file.uses(route);
                long aDay = uses.stream()
                        .filter(use -> use.key().equals("from"))
                        .mapToLong(this::timesADay)
                        .sum();
                for (FlowFile.Use use : aDay > 0 ? uses : List.<FlowFile.Use>of()) {
                    connector(use).ifPresent(connector -> called(connector, operation(use))
                            .forEach(called -> polls.add(poll(id, use, connector, called, aDay))));
                }
            });
        }
        return polls;
    }

    /** What is kept is asked for once as long as it is. */
    private static Poll poll(String route, FlowFile.Use use, Connector connector, String called, long times) {
        Operation operation = connector.operations().get(called);
        Duration kept = operation instanceof Operation.Read read ? read.cache() : Duration.ZERO;
        long aDay = kept.isZero() ? times : Math.min(times, Math.max(1, DAY.dividedBy(kept)));
        boolean asks = called.equals(operation(use)) && !(operation instanceof Operation.Write);
        return new Poll(route, use.at(), connector, called, DAY.dividedBy(aDay), aDay, use.always(), asks);
    }

    private static List<String> called(Connector connector, String operation) {
        return Optional.ofNullable(connector.operations().get(operation))
                .map(Operation::madeOf)
                .orElse(List.of()); // the lint tells
    }

    /** What people are told of all of them. */
    ArrayNode told() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Poll poll : all()) {
            ArrayNode limits = list.addObject()
                    .put("flow", poll.route)
                    .put("connection", poll.connector.name())
                    .put("operation", poll.operation)
                    .put("calls_a_day", poll.aDay)
                    .putArray("limits");
            taken(List.of(poll)).stream().filter(taken -> taken.window.budget()).forEach(taken -> limits.addObject()
                    .put("operation", taken.limited.operation().isEmpty() ? null : taken.limited.operation())
                    .put("limit_name", taken.window.name())
                    .put("percent", taken.percent()));
        }
        return list;
    }

    /** What polls take of one limit. @param polls all that go through it, in the order of the files */
    private record Taken(Limited limited, Window window, List<Poll> polls) {
        double percent() {
            return polls.stream().mapToDouble(poll -> poll.percentOf(window)).sum();
        }

        Taken by(Poll poll) {
            return new Taken(limited, window, List.of(poll));
        }
    }

    /** Of the connections, and of what operations have for themselves or together with others. */
    private static Collection<Taken> taken(List<Poll> polls) {
        var taken = new LinkedHashMap<List<String>, Taken>();
        for (Poll poll : polls) {
            String connection = poll.connector.name();
            poll.connector.quotas().limits(poll.operation).forEach(limit -> limit.quota().allowed().windows().stream()
                    .map(window -> taken.computeIfAbsent(
                            List.of(connection, limit.name(), window.name()),
                            key -> new Taken(new Limited(connection, limit.name()), window, new ArrayList<>())))
                    .forEach(each -> each.polls.add(poll)));
        }
        return taken.values();
    }

    /** Calls that polls will not be allowed, and polls that ask all the time for what a webhook would tell. */
    public void check(Problems problems) {
        List<Poll> polls = all().stream().filter(Poll::always).toList();
        for (Taken taken : taken(polls)) {
            List<Taken> alone = taken.polls.stream()
                    .map(taken::by)
                    .filter(one -> one.percent() > 100)
                    .toList();
            alone.forEach(one -> problems.add(one.polls.get(0).at, breaks(one)));
            if (alone.isEmpty() && taken.percent() > 100) {
                problems.add(taken.polls.get(taken.polls.size() - 1).at, breaks(taken));
            }
        }
        for (Poll poll : polls) {
            if (poll.asks && poll.every.compareTo(OFTEN) < 0) {
                problems.add(
                        poll.at,
                        poll.route + " asks " + poll.connector.name() + " every " + poll.every.toSeconds() + " s, "
                                + poll.aDay + " calls a day; take a webhook, or ask every 5 minutes or less often");
            }
        }
    }

    private static String breaks(Taken taken) {
        String who = taken.polls.stream().map(Poll::route).distinct().collect(Collectors.joining(", "));
        return who + (taken.polls.size() > 1 ? " together make " : " makes ")
                + taken.polls.stream().mapToLong(Poll::aDay).sum() + " calls a day, "
                + String.format(Locale.ROOT, "%.0f", taken.percent()) + " % of what " + taken.limited.name()
                + " allows (" + taken.window.name() + "); ask less often";
    }

    private Optional<Connector> connector(FlowFile.Use use) {
        return use.uri().startsWith("connector:")
                ? library.connector(use.uri().substring("connector:".length()).replaceAll("[/?].*", ""))
                : Optional.empty();
    }

    private static String operation(FlowFile.Use use) {
        return use.uri().replaceFirst("^[^/]*/?", "").replaceAll("\\?.*", "");
    }

    /** What ends after so many times is reckoned as if all of them fell on one day. */
    private long timesADay(FlowFile.Use from) {
        if (from.uri().startsWith("quartz:")) {
            return option(from, "cron")
                    .map(cron -> cron.replace('+', ' '))
                    .map(Polls::firings)
                    .or(() -> option(from, "trigger.repeatInterval")
                            .flatMap(Polls::perDay)
                            .map(times -> atMost(times, from, "trigger.repeatCount", 1)))
                    .orElse(0L);
        }
        return from.uri().startsWith("timer:")
                ? option(from, "period")
                        .or(() -> Optional.of("1000"))
                        .flatMap(Polls::perDay)
                        .map(times -> atMost(times, from, "repeatCount", 0))
                        .orElse(0L)
                : 0;
    }

    /** @param more times beyond the count: Quartz counts repeats, a timer all of them */
    private long atMost(long times, FlowFile.Use from, String option, int more) {
        return option(from, option)
                .filter(count -> count.matches("\\d{1,9}"))
                .map(count -> Long.parseLong(count) + more)
                .filter(count -> count > 0)
                .map(count -> Math.min(times, count))
                .orElse(times);
    }

    private Optional<String> option(FlowFile.Use use, String name) {
        Matcher inUri =
                Pattern.compile("[?&]" + Pattern.quote(name) + "=([^&]*)").matcher(use.uri());
        Optional<String> given = inUri.find()
                ? Optional.of(inUri.group(1))
                : Optional.ofNullable(use.parameters()).flatMap(parameters -> parameters.text(name));
        return given.map(text -> SETTING.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(
                        settings.apply(m.group(1)).orElse(m.group(2) == null ? "" : m.group(2)))));
    }

    private static Optional<Long> perDay(String period) {
        return Durations.parse(period.matches("\\d+") ? period + "ms" : period)
                .filter(every -> !every.isZero())
                .map(every -> DAY.toMillis() / Math.max(1, every.toMillis()));
    }

    /** Times in one week, to a day. */
    private static long firings(String cron) {
        try {
            var expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone("UTC"));
            Date end = new Date(7 * DAY.toMillis());
            long times = 0;
            for (Date at = expression.getNextValidTimeAfter(new Date(0));
                    at != null && at.before(end) && times < 7 * MOST_A_DAY;
                    at = expression.getNextValidTimeAfter(at)) {
                times++;
            }
            return (times + 6) / 7;
        } catch (ParseException e) {
            return 0;
        }
    }
}
