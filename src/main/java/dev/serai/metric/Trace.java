package dev.serai.metric;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** A run on its way, as a collector of traces is told of it. */
public final class Trace {
    /** Of what nobody is told of. */
    public static final Trace NONE =
            new Trace(TracerProvider.noop().get("serai"), Span.getInvalid(), InstantSource.system());

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("serai.outcome");
    private static final AttributeKey<String> CONNECTION = AttributeKey.stringKey("serai.connection");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("serai.operation");
    private static final AttributeKey<Long> RECORDS = AttributeKey.longKey("serai.records");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    /** The ends that somebody may want to look into. */
    private static final Set<String> WELL = Set.of("done", "skipped", "parked", "success", "ignore");

    private final Tracer tracer;
    private final Span span;
    private final InstantSource clock;

    Trace(Tracer tracer, Span span, InstantSource clock) {
        this.tracer = tracer;
        this.span = span;
        this.clock = clock;
    }

    /** A call of a remote. @param status of the answer; 0 when none came @param verdict its word */
    public record Called(String connection, String operation, int records, int status, String verdict) {}

    /** A call that has ended. */
    public void called(Called call, Instant began) {
        if (this == NONE) {
            return;
        }
        Span its = tracer.spanBuilder(call.connection + "/" + call.operation)
                .setParent(Context.root().with(span))
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(began)
                .setAttribute(CONNECTION, call.connection)
                .setAttribute(OPERATION, call.operation)
                .setAttribute(RECORDS, (long) call.records)
                .startSpan();
        if (call.status > 0) {
            its.setAttribute(STATUS, (long) call.status);
        }
        end(its, call.verdict);
    }

    /** The run came to an end, or goes back to wait: done, retry, dead, in_doubt, parked, skipped, released. */
    public void end(String outcome) {
        if (this != NONE) {
            end(span, outcome);
        }
    }

    private void end(Span which, String word) {
        which.setAttribute(OUTCOME, word);
        if (!WELL.contains(word)) {
            which.setStatus(StatusCode.ERROR);
        }
        which.end(clock.instant());
    }
}
