package dev.serai.connector;

import dev.serai.connector.Quota.Cost;
import dev.serai.connector.Quota.Exceeded;
import dev.serai.connector.QuotaSet.Group;
import dev.serai.connector.Told.Place;
import dev.serai.connector.Told.ResetAs;
import dev.serai.file.Durations;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.run.Allowance;
import dev.serai.run.Window;
import dev.serai.run.Window.Counting;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a remote allows: {@code quota} of a connector and of its operations. */
final class QuotaFile {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(31);

    /** What says something of one window. */
    private static final List<String> OF_A_WINDOW =
            List.of("headers", "body", "reset_as", "called", "counts", "burst", "cap", "zone");

    private final Yaml root;
    private final Problems problems;

    QuotaFile(Yaml root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    QuotaSet read() {
        Quota all = root.get("quota").map(at -> quota(at, Quota.NONE)).orElse(Quota.NONE);
        Map<String, Quota> own = new LinkedHashMap<>();
        Set<String> operations = new LinkedHashSet<>();
        for (String kind : List.of("reads", "writes", "streams")) {
            root.get(kind).ifPresent(listed -> listed.entries().forEach((name, at) -> {
                operations.add(name);
                at.get("quota").ifPresent(given -> {
                    Quota quota = quota(given, all);
                    own.put(name, quota);
                    checkCost(given, quota, all);
                    given.get("groups")
                            .ifPresent(groups -> problems.add(
                                    groups, "\"groups\" belong to the connector's own quota; put them there"));
                });
            }));
        }
        root.get("quota").ifPresent(given -> checkCost(given, all, all));
        return new QuotaSet(all, own, groups(all, operations));
    }

    private Map<String, Group> groups(Quota all, Set<String> operations) {
        Map<String, Group> groups = new LinkedHashMap<>();
        root.get("quota").flatMap(quota -> quota.get("groups")).ifPresent(listed -> listed.entries()
                .forEach((name, at) -> {
                    if (operations.contains(name)) {
                        problems.add(at, "there is an operation \"" + name + "\"; give the group another name");
                    }
                    groups.put(name, new Group(quota(at, all), members(at, operations)));
                }));
        return groups;
    }

    private Set<String> members(Yaml group, Set<String> operations) {
        Set<String> members = new LinkedHashSet<>();
        for (Yaml at : group.get("operations").map(Yaml::items).orElse(List.of())) {
            if (!operations.contains(at.text())) {
                problems.add(
                        at, "there is no operation \"" + at.text() + "\" here; " + Suggest.hint(at.text(), operations));
            }
            members.add(at.text());
        }
        return members;
    }

    /** @param outer what holds beside it; what it does not say of costs, and of how answers name a limit, is as there */
    private Quota quota(Yaml at, Quota outer) {
        var windows = new ArrayList<Window>();
        var told = new LinkedHashMap<String, Told>();
        var called = new LinkedHashMap<String, String>();
        for (Yaml each : windows(at)) {
            window(at, each).ifPresent(window -> {
                if (windows.stream().anyMatch(other -> other.name().equals(window.name()))) {
                    problems.add(
                            each, "there is a window \"" + window.name() + "\" already; give each a name of its own");
                    return;
                }
                windows.add(window);
                Told where = told(each);
                if (!where.isEmpty()) {
                    told.put(window.name(), where);
                }
                each.text("called").ifPresent(name -> called.put(name, window.name()));
            });
        }
        String which =
                at.text("which").orElse(called.isEmpty() ? "" : outer.exceeded().path());
        if (which.isEmpty() == !called.isEmpty()) {
            problems.add(
                    at,
                    "\"which\" and \"called\" belong together: where the answer names the limit, and what stands there;"
                            + " write both, as in which: policyName and called: DAILY");
        }
        var cost = new Cost(
                FileParts.number(at, "cost", (int) outer.cost().points()),
                FileParts.number(at, "records_per_cost", outer.cost().records()),
                at.text("cost_told").orElse(outer.cost().path()));
        return new Quota(
                new Allowance(windows, FileParts.number(at, "concurrent", 0)), cost, told, new Exceeded(which, called));
    }

    /** One window may stand in the quota itself. */
    private List<Yaml> windows(Yaml at) {
        List<Yaml> listed = at.get("windows").map(Yaml::items).orElse(List.of());
        boolean itself = at.get("requests").isPresent()
                || at.get("points").isPresent()
                || at.get("per").isPresent();
        if (itself && !listed.isEmpty()) {
            problems.add(at, "\"quota\" has a window of its own and \"windows\"; put all of them under \"windows\"");
        }
        if (!itself) {
            OF_A_WINDOW.stream()
                    .filter(key -> at.get(key).isPresent())
                    .findFirst()
                    .ifPresent(key -> problems.addAtKey(
                            at,
                            key,
                            "\"" + key
                                    + "\" is about a window, and there is none beside it; write \"requests\" and \"per\""
                                    + " there, or put it into the one of \"windows\" that it is about"));
        }
        return itself && listed.isEmpty() ? List.of(at) : listed;
    }

    private Optional<Window> window(Yaml quota, Yaml at) {
        boolean points = at.get("points").isPresent();
        if (points && at.get("requests").isPresent()) {
            problems.add(at, "\"requests\" and \"points\" are two windows; list each under \"windows\"");
        }
        if ((points || at.get("requests").isPresent()) != at.get("per").isPresent()) {
            problems.add(
                    at,
                    "\"quota\" has one of \"requests\" and \"per\" without the other; write both, as in"
                            + " { requests: 190, per: 10s }");
            return Optional.empty();
        }
        String name = at == quota ? "all" : at.text("name").orElse("");
        Counting counting = counting(at);
        int cap = FileParts.number(at, "cap", 0);
        int limit = capped(FileParts.number(at, points ? "points" : "requests", 1), cap);
        Duration per = per(at, counting);
        int burst = FileParts.number(at, "burst", limit);
        if (at.get("burst").isPresent() && counting != Counting.FLOWING) {
            problems.addAtKey(at, "burst", "\"burst\" is only for a window with counts: flowing");
        }
        if (counting != Counting.FLOWING) {
            return Optional.of(new Window(name, limit, counting, per, zone(at, counting), points, cap));
        }
        Duration fills = Duration.ofMillis(Math.max(1, per.toMillis() * burst / limit));
        long mostMeanwhile = cap == 0 ? 0 : Math.max(1, (long) cap * burst / limit);
        return Optional.of(new Window(name, burst, counting, fills, zone(at, counting), points, mostMeanwhile));
    }

    private static int capped(int limit, int cap) {
        return cap == 0 ? limit : Math.min(limit, cap);
    }

    private Counting counting(Yaml at) {
        String per = at.text("per").orElse("");
        if (per.equals("day") || per.equals("month")) {
            at.get("counts")
                    .ifPresent(counts -> problems.add(
                            counts,
                            "\"counts\" has no meaning for a " + per + ", which begins at midnight; leave it out"));
            return per.equals("day") ? Counting.DAY : Counting.MONTH;
        }
        return FileParts.oneOf(at, "counts", Counting.SLIDING);
    }

    private Duration per(Yaml at, Counting counting) {
        if (counting == Counting.DAY || counting == Counting.MONTH) {
            return counting == Counting.DAY ? DAY : MONTH;
        }
        Yaml per = at.get("per").orElseThrow();
        if (Durations.parse(per.text()).isEmpty()) {
            problems.add(
                    per,
                    "\"per\" is \"" + per.text() + "\"; a duration like " + Durations.SHAPES
                            + " is needed, or day or month");
            return Duration.ofSeconds(1);
        }
        return FileParts.span(at, "per", Duration.ofSeconds(1), problems);
    }

    private ZoneId zone(Yaml at, Counting counting) {
        Optional<Yaml> zone = at.get("zone");
        if (zone.isEmpty()) {
            return ZoneOffset.UTC;
        }
        if (counting != Counting.DAY && counting != Counting.MONTH) {
            problems.add(zone.get(), "\"zone\" is only for a window with per: day or per: month");
        }
        if (!ZoneId.getAvailableZoneIds().contains(zone.get().text())) {
            problems.add(
                    zone.get(),
                    "\"" + zone.get().text() + "\" is not a time zone; "
                            + Suggest.hint(
                                    zone.get().text(),
                                    ZoneId.getAvailableZoneIds().stream()
                                            .sorted()
                                            .toList()));
            return ZoneOffset.UTC;
        }
        return ZoneId.of(zone.get().text());
    }

    private Told told(Yaml at) {
        Place reset = place(at, "reset");
        if (reset.isEmpty() == at.get("reset_as").isPresent()) {
            problems.add(
                    at,
                    "\"reset\" and \"reset_as\" belong together; say whether it is seconds, milliseconds, epoch_seconds,"
                            + " epoch_milliseconds or a date");
        }
        Place restore = place(at, "restore");
        if (!restore.isEmpty() && !at.text("counts").orElse("").equals("flowing")) {
            problems.add(at, "\"restore\" is only for a window with counts: flowing");
        }
        return new Told(
                place(at, "limit"),
                place(at, "remaining"),
                place(at, "usage"),
                restore,
                reset,
                FileParts.oneOf(at, "reset_as", ResetAs.SECONDS));
    }

    private static Place place(Yaml at, String what) {
        return new Place(
                at.get("headers").flatMap(headers -> headers.text(what)).orElse(""),
                at.get("body").flatMap(body -> body.text(what)).orElse(""));
    }

    /** @param all what the connector allows as a whole: an operation's cost is taken from there */
    private void checkCost(Yaml at, Quota quota, Quota all) {
        List<Window> counting =
                all.allowed().windows().stream().filter(Window::points).toList();
        for (String key : List.of("cost", "records_per_cost", "cost_told")) {
            if (at.get(key).isPresent() && counting.isEmpty()) {
                problems.addAtKey(
                        at,
                        key,
                        "\"" + key + "\" is taken from windows that count points, and the connector's quota has none;"
                                + " write points: in place of requests: there, or leave it out");
            }
        }
        counting.stream()
                .filter(window -> at.get("cost").isPresent() && quota.cost().points() > window.limit())
                .findFirst()
                .ifPresent(window -> problems.add(
                        at,
                        "a call costs " + quota.cost().points() + " points and the window \"" + window.name()
                                + "\" holds " + window.limit() + "; it could never be made"));
    }
}
