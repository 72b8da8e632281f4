package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Passing;
import dev.serai.mapping.Refused;
import dev.serai.record.Masks;
import dev.serai.run.Outcome;
import dev.serai.store.DriftShapes.Stream;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Reshape the body by the rules of a mapping file; a record that breaks them is refused before anything is written. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mapping",
        title = "Mapping",
        syntax = "mapping:name",
        producerOnly = true,
        lenientProperties = true,
        category = {Category.TRANSFORMATION})
public final class MappingEndpoint extends DefaultEndpoint {
    @UriPath(
            description = "Name of the mapping: its path below mappings/ without .yaml. Further options are its"
                    + " parameters, as Simple expressions")
    @Metadata(required = true)
    private final String name;

    private final Map<String, String> parameters;

    MappingEndpoint(String uri, MappingComponent component, String name, Map<String, String> parameters) {
        super(uri, component);
        this.name = name;
        this.parameters = parameters;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) throws Exception {
                Optional<Batch> batch = Batch.of(exchange);
                if (batch.isPresent()) {
                    batch.get().each(exchange, MappingEndpoint.this::apply);
                } else {
                    apply(exchange);
                }
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("mapping: stands in a to:, not in a from:");
    }

    @Override
    public boolean isLenientProperties() {
        return true;
    }

    private void apply(Exchange exchange) {
        var scope = RunScope.of(exchange);
        scope.ifPresent(s -> s.begin(Steps.id(exchange)));
        Mapping mapping = ((MappingComponent) getComponent())
                .hub()
                .library()
                .get()
                .mapping(name)
                .orElseThrow(() -> new StepFailed(
                        Outcome.fail("there is no mapping " + name + "; add mappings/" + name + ".yaml, then resume")));
        try {
            JsonNode result = mapping.apply(
                    Bodies.json(exchange),
                    Arguments.evaluate(exchange, parameters),
                    scope.map(s -> passing(mapping, s)).orElse(Passing.UNHEARD));
            scope.ifPresent(s -> s.mapped(mapping));
            scope.ifPresent(s -> Carrying.note(
                    ((MappingComponent) getComponent()).hub().stores().journal(), s, result));
            exchange.getMessage().setBody(Bodies.plain(result));
            scope.ifPresent(RunScope::end);
        } catch (Refused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    private Passing passing(Mapping mapping, RunScope scope) {
        return (field, table, value, personal) -> {
            var event = scope.run().event();
            boolean hide = mapping.declaresPersonal(field, "").orElse(personal && !PassedValues.isWord(value));
            ((MappingComponent) getComponent())
                    .hub()
                    .passed()
                    .note(
                            new Stream(event.source(), event.type()),
                            event.id(),
                            name + " " + field,
                            table,
                            hide ? Masks.personal(value) : Masks.plain(value));
        };
    }

    public String getName() {
        return name;
    }
}
