package dev.serai.run;

import dev.serai.run.Bucket.Grant;
import dev.serai.run.Bucket.News;
import dev.serai.run.Bucket.Refused;
import dev.serai.run.Bucket.Report;
import dev.serai.run.Bucket.Used;
import dev.serai.run.Bucket.Want;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One hub's part of a {@link Bucket}: what it was given and has not yet called with, what is under way, and what it has to
 * tell. Far from the limit it is given some calls in advance, so that an exchange serves many. Not safe for many threads.
 */
public final class Share {
    /** How often what came back is told at the latest. */
    private static final Duration TELL = Duration.ofMillis(500);
    /** Calls for so long are asked for in advance, at the rate of late. */
    private static final Duration AHEAD = Duration.ofMillis(500);

    /** Of the bucket: what comes later is not used any more. The lease has room for it. */
    private static final Duration SLOW_ANSWER = Duration.ofSeconds(5);

    private static final long MOST_AHEAD = 1000;

    /** A call that is delayed on its way counts later than it was sent; within so much of its window that is foreseen. */
    private static final Duration LEAST_SLACK = Duration.ofMillis(250);

    private Duration lease;
    private Units critical = Units.NONE;
    private Units common = Units.NONE;
    private Instant validUntil = Instant.MIN;
    private int slots;
    private Instant slotsUntil = Instant.MIN;
    private Units held = Units.NONE;
    private int busy;
    private long begun;
    private Units each = new Units(1, 0);
    private Instant asked = Instant.MIN;
    private final List<Back> back = new ArrayList<>();
    private final Map<String, Heard> heard = new LinkedHashMap<>();
    private final List<No> refused = new ArrayList<>();
    /** When the last call was sent that the remote let through. */
    private Optional<Instant> through = Optional.empty();

    private record Back(Instant at, Units units) {}

    private record No(String window, Duration pause, Instant sent, Optional<Instant> through) {
        Refused told(Instant now) {
            return new Refused(
                    window,
                    pause,
                    positive(Duration.between(sent, now)),
                    through.map(at -> positive(Duration.between(at, now))));
        }
    }

    /** What was given ends by a clock that shows an earlier time now: it is given back, and asked for anew. */
    public void clockWasSetBack() {
        validUntil = Instant.MIN;
        slotsUntil = Instant.MIN;
        asked = Instant.MIN;
    }

    /** What is brought to the bucket. @param at when, by this hub's clock */
    public record Asking(Report report, News news, Instant at) {}

    /** @param call how long a call may take at most */
    public Share(Duration call) {
        calls(call);
    }

    /** @param call how long a call may take at most, from the next question on */
    public void calls(Duration call) {
        lease = Bucket.VALID.plus(call.multipliedBy(2)).plusSeconds(10);
    }

    /** Takes what a call needs from what was given. @return false when that is not enough */
    public boolean take(boolean forCritical, Units units, Instant now) {
        if (now.isAfter(slotsUntil) || busy >= slots || now.isAfter(validUntil)) {
            return false;
        }
        if (forCritical && critical.covers(units)) {
            critical = critical.minus(units);
        } else if (common.covers(units)) {
            common = common.minus(units);
        } else {
            return false;
        }
        held = held.plus(units);
        each = units;
        busy++;
        begun++;
        return true;
    }

    /** The same call is made once more at once: what it takes is counted, though nobody asked for it. */
    public void again(Units units) {
        held = held.plus(units);
        busy++;
    }

    /** The call was not made. */
    public void unsent(Units units) {
        held = held.minus(units);
        common = common.plus(units);
        busy--;
        begun--;
    }

    /**
     * The call came back, or no answer came.
     *
     * @param sent when it was sent
     * @param really what it took by the remote's word
     * @param longest the longest window
     */
    public void used(Units units, Units really, Instant sent, Instant now, Duration longest) {
        held = held.minus(units);
        busy--;
        // counted by the remote some time between: taken as late as is likely, so that it can't count it longer than we
        Duration slack = longest.dividedBy(50);
        Instant latest = sent.plus(slack.compareTo(LEAST_SLACK) < 0 ? LEAST_SLACK : slack);
        back.add(new Back(now.isBefore(latest) ? now : latest, really));
    }

    public void hear(Heard told) {
        heard.put(told.window(), told);
    }

    /** The remote said "too many". @param window which limit that is, or empty @param sent when the call was sent */
    public void refused(String window, Duration pause, Instant sent) {
        refused.add(new No(window, pause, sent, through));
    }

    /** The remote let a call through. @param sent when it was sent */
    public void letThrough(Instant sent) {
        if (through.filter(sent::isBefore).isEmpty()) {
            through = Optional.of(sent);
        }
    }

    /** Whether there is a refusal that the bucket does not know of. */
    public boolean untold() {
        return !refused.isEmpty();
    }

    /** Whether the bucket should know of something, though nobody waits: what was used, or what is not needed any more. */
    public boolean shouldTell(Instant now) {
        if (untold()) {
            return true;
        }
        boolean something = !back.isEmpty()
                || !critical.equals(Units.NONE)
                || !common.equals(Units.NONE)
                || slots > 0 && slots < Integer.MAX_VALUE
                || busy > 0;
        return something && !now.isBefore(asked.plus(TELL));
    }

    /** Takes everything along: until it is granted anew, no call is made. @param waiting calls that wait, in their order */
    public Asking ask(List<Want> waiting, Instant now) {
        var wants = new ArrayList<>(waiting);
        long ahead = ahead(now);
        if (ahead > 0) {
            wants.add(new Want(false, true, ahead, each));
        }
        var used = back.stream()
                .map(one -> new Used(positive(Duration.between(one.at, now)), one.units))
                .toList();
        var news = new News(
                used,
                List.copyOf(heard.values()),
                refused.stream().map(no -> no.told(now)).toList());
        // twice what is wanted now, so that a burst is not asked for call by call. What nobody here needs stays free
        // for
        // others at once: a hub that has died keeps its places until its lease has ended
        int places = (int) Math.min(
                Integer.MAX_VALUE,
                2 * (busy + waiting.stream().mapToLong(Want::calls).sum()));
        var report = new Report(held, busy, places, wants, lease);
        critical = Units.NONE;
        common = Units.NONE;
        back.clear();
        heard.clear();
        refused.clear();
        begun = 0;
        asked = now;
        return new Asking(report, news, now);
    }

    private long ahead(Instant now) {
        if (begun == 0) {
            return 0;
        }
        long since = Math.max(
                AHEAD.toMillis() / 2,
                asked.equals(Instant.MIN) ? 0 : Duration.between(asked, now).toMillis());
        return Math.min(MOST_AHEAD, (begun * AHEAD.toMillis() + since - 1) / since);
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** @param now when the answer came: what is given in it is good for a while, though it was long under way */
    public void granted(Asking asking, Grant grant, Instant now) {
        critical = grant.critical();
        common = grant.common();
        slots = grant.slots();
        // the bucket's lease began after the question, and is so much longer than what is given may be used
        Instant latest = asking.at.plus(SLOW_ANSWER);
        validUntil = (now.isBefore(latest) ? now : latest).plus(Bucket.VALID);
        slotsUntil = asking.at.plus(asking.report.lease().dividedBy(2));
    }

    /** The bucket could not be asked: what was to be told is told next time. */
    public void notAsked(Asking asking) {
        asking.news.used().forEach(one -> back.add(new Back(asking.at.minus(one.ago()), one.units())));
        asking.news.heard().forEach(told -> heard.putIfAbsent(told.window(), told));
        asking.news
                .refused()
                .forEach(told -> refused.add(new No(
                        told.window(),
                        told.pause(),
                        asking.at.minus(told.sent()),
                        told.through().map(asking.at::minus))));
    }
}
