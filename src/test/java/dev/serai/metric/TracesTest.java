package dev.serai.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a collector of traces is told. */
class TracesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:01Z");
    private static final Instant BEFORE = Instant.parse("2026-11-01T00:00:00Z");
    private static final Traces.Stored EVENT = new Traces.Stored("e_81", "crm", "contact.updated");
    private static final Trace.Called CALLED = new Trace.Called("hubspot", "upsert", 1, 503, "retry");

    private final InMemorySpanExporter told = InMemorySpanExporter.create();

    @Test
    void anEventItsRunsOnAnyHubAndTheirCallsAreOneTrace() {
        Traces one = traces(1);
        Traces other = traces(1);

        one.stored(EVENT, BEFORE);
        Trace run = other.run(EVENT, "enrol", "r_7");
        run.called(CALLED, BEFORE);
        run.end("retry");
        one.run(EVENT, "enrol", "r_7").end("done");

        List<SpanData> spans = told.getFinishedSpanItems();
        assertThat(spans)
                .hasSize(4)
                .extracting(SpanData::getTraceId)
                .containsOnly(spans.get(0).getTraceId());
        SpanData event = named("event contact.updated").get(0);
        assertThat(event.getParentSpanContext().isValid()).isFalse();
        assertThat(event.getAttributes().get(AttributeKey.stringKey("serai.receipt")))
                .isEqualTo("e_81");
        assertThat(named("flow enrol")).extracting(SpanData::getParentSpanId).containsOnly(event.getSpanId());
        SpanData first = named("flow enrol").get(0);
        assertThat(named("hubspot/upsert").get(0).getParentSpanId()).isEqualTo(first.getSpanId());
    }

    @Test
    void whatFailedIsAnErrorAndWhatWaitsOrIsDoneIsNot() {
        Traces traces = traces(1);

        for (String outcome : List.of("done", "skipped", "parked", "retry", "dead", "in_doubt")) {
            traces.run(EVENT, outcome, "r_7").end(outcome);
        }

        assertThat(told.getFinishedSpanItems())
                .filteredOn(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                .extracting(SpanData::getName)
                .containsExactlyInAnyOrder("flow retry", "flow dead", "flow in_doubt");
    }

    @Test
    void aShareOfTheEventsIsToldWhollyAndTheOthersNotAtAll() {
        Traces traces = traces(0.5);

        for (int i = 0; i < 200; i++) {
            var event = new Traces.Stored("e_" + i, "crm", "contact.updated");
            traces.stored(event, BEFORE);
            traces.run(event, "enrol", "r_" + i).end("done");
        }

        assertThat(named("flow enrol"))
                .hasSizeBetween(50, 150)
                .extracting(SpanData::getTraceId)
                .containsExactlyElementsOf(named("event contact.updated").stream()
                        .map(SpanData::getTraceId)
                        .toList());
    }

    @Test
    void aCollectorGetsThemOverHttp() throws IOException {
        var got = new CopyOnWriteArrayList<String>();
        var collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            got.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            Traces traces =
                    Traces.to("http://127.0.0.1:" + collector.getAddress().getPort() + "/", 1);
            traces.stored(EVENT, BEFORE);
            traces.close();

            await().atMost(Duration.ofSeconds(60)).until(() -> !got.isEmpty());
            assertThat(got.get(0)).contains("serai.receipt").contains("e_81");
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void offNobodyIsTold() {
        try (Traces traces = Traces.off()) {
            traces.stored(EVENT, BEFORE);
            assertThat(traces.run(EVENT, "enrol", "r_7")).isSameAs(Trace.NONE);
        }
    }

    private Traces traces(double share) {
        return new Traces(SimpleSpanProcessor.create(told), share, () -> NOW);
    }

    private List<SpanData> named(String name) {
        return told.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }
}
