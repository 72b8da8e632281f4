package dev.serai;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.metric.Traces;
import dev.serai.route.Dispatcher;
import dev.serai.route.Keeping;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Backoff;
import dev.serai.run.Canary;
import dev.serai.run.RetryPolicy;
import dev.serai.run.RetryPolicy.Tier;
import dev.serai.run.RetryPresets;
import dev.serai.store.Rests;
import dev.serai.store.Slices;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** What the settings mean for the parts of a hub. */
public final class Tuning {
    private Tuning() {}

    static RetryPolicy retryPolicy(Settings settings) {
        return new RetryPolicy(
                tier(RetryPresets.QUICK, settings, Setting.RETRY_QUICK_ATTEMPTS, Setting.RETRY_QUICK_FIRST),
                tier(RetryPresets.MINUTES, settings, Setting.RETRY_ATTEMPTS, Setting.RETRY_FIRST));
    }

    private static Tier tier(Tier usual, Settings settings, Setting attempts, Setting first) {
        Backoff backoff = usual.backoff();
        return new Tier(
                settings.number(attempts), new Backoff(settings.duration(first), backoff.longest(), backoff.jitter()));
    }

    /** When people are told of a budget, and when it is spread. */
    public static Thresholds thresholds(Settings settings) {
        return new Thresholds(
                settings.number(Setting.QUOTA_WARN_AT),
                settings.number(Setting.QUOTA_SLOW_AT),
                settings.number(Setting.QUOTA_ALARM_AT),
                settings.number(Setting.QUOTA_RESERVE));
    }

    static Traces traces(Settings settings) {
        String collector = settings.text(Setting.TRACES);
        return collector.isEmpty() ? Traces.off() : Traces.to(collector, settings.number(Setting.TRACES_SHARE) / 100.0);
    }

    static Canary.Rule canaryRule(Settings settings) {
        return new Canary.Rule(settings.number(Setting.CANARY_LEAST), settings.number(Setting.CANARY_WORSE_BY));
    }

    static Dispatcher.Limits limits(Settings settings) {
        return new Dispatcher.Limits(
                settings.number(Setting.RUN_THREADS),
                settings.number(Setting.RUN_IN_FLIGHT),
                settings.duration(Setting.RUN_LEASE),
                settings.number(Setting.RUN_MAX_CLAIMS));
    }

    static Rests rests(Settings settings) {
        return new Rests(settings.number(Setting.RUN_REST_AFTER), settings.duration(Setting.RUN_REST_FOR));
    }

    static Slices.Policy history(Settings settings) {
        return new Slices.Policy(
                settings.duration(Setting.HISTORY_KEEP),
                settings.duration(Setting.HISTORY_KEEP_FAILED),
                settings.duration(Setting.KEYS_KEEP),
                (long) settings.number(Setting.HISTORY_DISK) << 30);
    }

    static Keeping.Done evidence(Settings settings) {
        return Keeping.Done.valueOf(settings.text(Setting.HISTORY_EVIDENCE).toUpperCase(Locale.ROOT));
    }

    static String hubName(Settings settings) {
        String given = settings.text(Setting.HUB_NAME);
        if (!given.isEmpty()) {
            return given;
        }
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "hub";
        }
        return host + "-" + ProcessHandle.current().pid();
    }
}
