package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.auth.Auth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the clocks of remotes are from ours, by the {@code Date} of their answers. Signatures and assertions are made for
 * the remote's clock: a minute too early is a refused one.
 */
final class Skew {
    private static final Logger LOG = LoggerFactory.getLogger(Skew.class);
    private static final Duration NO_NEWS = Duration.ofSeconds(5);

    private static final Duration WORTH_A_WARNING = Duration.ofSeconds(60);

    private final Map<String, Duration> ahead = new ConcurrentHashMap<>();

    /** Takes note of an answer that has just come. */
    void hear(String connection, Answer answer, Instant now) {
        boolean kept = !answer.header("Age").orElse("0").strip().equals("0"); // on its way: its Date is as old
        if (kept || answer.header("Date").flatMap(Answer::date).isEmpty()) {
            return;
        }
        Duration used = Duration.between(now, answer.moment(now));
        Duration before = ahead.put(connection, used);
        boolean news = before == null || before.minus(used).abs().compareTo(NO_NEWS) > 0;
        if (news && used.abs().compareTo(WORTH_A_WARNING) > 0) {
            LOG.atWarn()
                    .addKeyValue("connection", connection)
                    .addKeyValue("ahead_ms", used.toMillis())
                    .log("clock.differs: what is signed for it is made for its clock; set this machine's by NTP");
        }
    }

    /** When something is signed for it that is sent now, and the chance in it. */
    Auth.Moment moment(String connection, Instant now) {
        return new Auth.Moment(now.plus(of(connection)), UUID.randomUUID().toString());
    }

    /** How far the remote's clock is ahead of ours; zero until it has answered. */
    Duration of(String connection) {
        return ahead.getOrDefault(connection, Duration.ZERO);
    }
}
