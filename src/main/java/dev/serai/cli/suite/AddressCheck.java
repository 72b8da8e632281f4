package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.simulator.Promise;
import dev.serai.simulator.VendorDocument;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Whether the calls of a connector, by the address that stands in its file, go where the contract has a server. */
final class AddressCheck {
    private final Bench bench;
    private final VendorDocument document;
    private final Optional<String> ownPath;

    /** @param ownPath of the address in the file; empty when it comes with a token */
    AddressCheck(Bench bench, VendorDocument document, Optional<String> ownPath) {
        this.bench = bench;
        this.document = document;
        this.ownPath = ownPath;
    }

    /** @return empty when file and contract do not both say where it answers */
    Optional<Finding> address(List<Trial> trials) {
        boolean held = false;
        for (Trial trial : trials) {
            for (JsonNode body : trial.bodies()) {
                Optional<Call> call = call(trial, body);
                if (call.isPresent()
                        && !document.addresses(call.get().operation).isEmpty()) {
                    held = true;
                    if (!document.answersAt(call.get().operation, call.get().path)) {
                        return Optional.of(Finding.failed(wrong(trial, call.get())));
                    }
                }
            }
        }
        Finding right = document.oursAlone() ? Finding.unverified(CallChecks.OURS) : Finding.OK;
        return held ? Optional.of(right) : Optional.empty();
    }

    private String wrong(Trial trial, Call call) {
        return "\"" + trial.operation().name() + "\" calls " + call.path + ", and the contract has " + call.operation
                + " at " + String.join(" or ", document.addresses(call.operation))
                + "; correct \"base_url\" or its \"path\"";
    }

    /** @param path as the vendor would see it */
    private record Call(String operation, String path) {}

    private Optional<Call> call(Trial trial, JsonNode body) {
        try {
            Request request = trial.request(body);
            Promise promise = bench.promise(trial.connector(), request);
            String below = bench.below(trial.connector(), request.url());
            String path = ownPath.isEmpty()
                    ? below
                    : ownPath.get() + below.substring(base(trial).length());
            return promise.covered() ? Optional.of(new Call(promise.operation(), path)) : Optional.empty();
        } catch (ConnectorRefused | IllegalArgumentException e) {
            return Optional.empty(); // its own row says so
        }
    }

    /** What stands in the file behind the setting of the address is part of both, the simulator's and its own. */
    private String base(Trial trial) {
        return bench.below(trial.connector(), URI.create(trial.connector().address()));
    }
}
