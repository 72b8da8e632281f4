package dev.serai.route;

import dev.serai.connector.SecretAway;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.RuntimeCamelException;

/** Judges whatever a step of a route may throw. */
public final class Failures {
    /** SQL states of a database that is away, starting, overloaded, or asks to try again; the rest is about the data. */
    private static final Set<String> TRANSIENT_SQL = Set.of("08", "40", "53", "55", "57", "58");

    /** No file a person writes should be able to cause these. */
    private static final List<Class<? extends RuntimeException>> OUR_FAULTS = List.of(
            NullPointerException.class,
            ClassCastException.class,
            IndexOutOfBoundsException.class,
            IllegalStateException.class);

    private static final int LONGEST_CHAIN = 50;

    private Failures() {}

    /** The judgement of the failure an exchange carries. */
    public static Outcome of(Throwable failure) {
        // a doubt that a quick try came to carries the failure of the try before it, which explains nothing
        Optional<StepFailed.InDoubt> doubt = first(failure, StepFailed.InDoubt.class);
        if (doubt.isPresent()) {
            return Outcome.fail(doubt.get().getMessage());
        }
        for (Throwable at : chain(failure)) {
            if (at instanceof StepFailed step) {
                return step.outcome();
            }
            if (at instanceof SecretAway) {
                return Outcome.retry("not sent: " + sentence(at));
            }
            if (at instanceof SQLException sql) {
                return ofSql(sql);
            }
            if (at instanceof IOException) {
                return Outcome.retry(sentence(at));
            }
        }
        Throwable cause = innermost(failure);
        boolean ours = OUR_FAULTS.stream().anyMatch(type -> type.isInstance(cause));
        return new Outcome(Verdict.FAIL, ours ? Owner.SYSTEM : Owner.CONFIG, sentence(cause), Duration.ZERO);
    }

    private static Outcome ofSql(SQLException sql) {
        String state = sql.getSQLState();
        boolean away = state == null || state.length() < 2 || TRANSIENT_SQL.contains(state.substring(0, 2));
        String reason = "the database refused: " + firstLine(sql.getMessage());
        return away ? Outcome.retry(reason) : Outcome.fail(reason);
    }

    static boolean inDoubt(Throwable failure) {
        return first(failure, StepFailed.InDoubt.class).isPresent();
    }

    /**
     * What was thrown and its causes. When the dead-letter route fails as well, Camel throws its failure and keeps the
     * first one as suppressed: that one is what happened to the run.
     */
    private static List<Throwable> chain(Throwable failure) {
        var chain = new ArrayList<Throwable>();
        for (Throwable at = failure; at != null && chain.size() < LONGEST_CHAIN; at = at.getCause()) {
            for (Throwable first : at.getSuppressed()) {
                if (first instanceof StepFailed || first instanceof StepFailed.InDoubt) {
                    chain.add(0, first);
                }
            }
            chain.add(at);
        }
        return chain;
    }

    static Throwable innermost(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && (at instanceof RuntimeCamelException || at instanceof CamelExchangeException)) {
            at = at.getCause();
        }
        return at;
    }

    private static String sentence(Throwable failure) {
        String message = firstLine(failure.getMessage());
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.lines().findFirst().orElse("").strip();
    }

    /** What a run waits for whose step was not sent, because nothing may be sent there now. */
    static Optional<StepFailed.Parked> parked(Throwable failure) {
        return first(failure, StepFailed.Parked.class).or(() -> first(failure, SecretAway.class)
                .map(away -> new StepFailed.Parked(of(away), "a secret in a vault", away.again())));
    }

    /** The connection of the step that failed. */
    static Optional<String> connection(Throwable failure) {
        return first(failure, StepFailed.class).map(StepFailed::connection).filter(name -> !name.isEmpty());
    }

    private static <T> Optional<T> first(Throwable failure, Class<T> type) {
        return chain(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
