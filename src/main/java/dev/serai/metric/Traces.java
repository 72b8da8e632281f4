package dev.serai.metric;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Tells a collector what happened to each event, as OpenTelemetry traces over OTLP/HTTP; off unless an address is set. An
 * event is one trace, from its arrival to the last attempt of its last run, whichever hub worked on it and however much
 * later: the ids of the trace and of its root are made of the receipt. No payload, record or error text goes along.
 */
public final class Traces implements AutoCloseable {
    private static final AttributeKey<String> RECEIPT = AttributeKey.stringKey("serai.receipt");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("serai.event.type");
    private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("serai.source");
    private static final AttributeKey<String> FLOW = AttributeKey.stringKey("serai.flow");
    private static final AttributeKey<String> RUN = AttributeKey.stringKey("serai.run");
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;

    private final Tracer tracer;
    private final Ids ids;
    private final SdkTracerProvider provider;
    private final InstantSource clock;

    /** An event that is stored. @param receipt as people read it, {@code e_81} */
    public record Stored(String receipt, String source, String type) {}

    private Traces() {
        tracer = TracerProvider.noop().get("serai");
        ids = new Ids();
        provider = null;
        clock = InstantSource.system();
    }

    /** @param share of the events, from 0 to 1; all spans of one or none */
    Traces(SpanProcessor processor, double share, InstantSource clock) {
        this.ids = new Ids();
        this.clock = clock;
        this.provider = SdkTracerProvider.builder()
                .addSpanProcessor(processor)
                .setIdGenerator(ids)
                .setSampler(Sampler.traceIdRatioBased(share))
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "serai"))))
                .build();
        this.tracer = provider.get("serai");
    }

    /** Nobody is told. */
    public static Traces off() {
        return new Traces();
    }

    /**
     * Traces for a collector. One that is away costs the hub nothing: spans that can't be sent are dropped.
     *
     * @param collector its address, such as {@code http://127.0.0.1:4318}
     * @param share of the events, from 0 to 1
     */
    public static Traces to(String collector, double share) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.replaceAll("/+$", "") + "/v1/traces")
                .build();
        return new Traces(BatchSpanProcessor.builder(exporter).build(), share, InstantSource.system());
    }

    /** When something begins that is to be told. */
    public Instant now() {
        return clock.instant();
    }

    /** An event was stored. @param began when its request came in */
    public void stored(Stored event, Instant began) {
        if (provider == null) {
            return;
        }
        Span span = ids.withRoot(root(event), () -> tracer.spanBuilder("event " + event.type)
                .setNoParent()
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(began)
                .setAttribute(RECEIPT, event.receipt)
                .setAttribute(TYPE, event.type)
                .setAttribute(SOURCE, event.source)
                .startSpan());
        span.end(clock.instant());
    }

    /** A run of the event has been taken up. */
    public Trace run(Stored event, String flow, String run) {
        if (provider == null) {
            return Trace.NONE;
        }
        Context parent = Context.root().with(Span.wrap(root(event)));
        Span span = tracer.spanBuilder("flow " + flow)
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(clock.instant())
                .setAttribute(RECEIPT, event.receipt)
                .setAttribute(TYPE, event.type)
                .setAttribute(FLOW, flow)
                .setAttribute(RUN, run)
                .startSpan();
        return new Trace(tracer, span, clock);
    }

    private static SpanContext root(Stored event) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256")
                    .digest((event.receipt + '|' + event.source + '|' + event.type).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        var hex = HexFormat.of();
        return SpanContext.createFromRemoteParent(
                hex.formatHex(digest, 0, TRACE_ID_BYTES),
                hex.formatHex(digest, TRACE_ID_BYTES, TRACE_ID_BYTES + SPAN_ID_BYTES),
                TraceFlags.getSampled(),
                TraceState.getDefault());
    }

    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Random ids, but for the root of an event, whose ids others have to know without having seen it. */
    private static final class Ids implements IdGenerator {
        private final ThreadLocal<SpanContext> root = new ThreadLocal<>();

        Span withRoot(SpanContext itsIds, java.util.function.Supplier<Span> begin) {
            root.set(itsIds);
            try {
                return begin.get();
            } finally {
                root.remove();
            }
        }

        @Override
        public String generateTraceId() {
            return root.get() == null
                    ? IdGenerator.random().generateTraceId()
                    : root.get().getTraceId();
        }

        @Override
        public String generateSpanId() {
            return root.get() == null
                    ? IdGenerator.random().generateSpanId()
                    : root.get().getSpanId();
        }
    }
}
