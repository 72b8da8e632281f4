package dev.serai.connector.webhook;

import dev.serai.connector.webhook.Verification.Code;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The webhooks of one system. For each request, in this order: {@link #openReply}, {@link #verify}, {@link #reply},
 * {@link #events}.
 * Thread-safe.
 */
public final class Webhooks {
    private static final FileSchema SCHEMA = FileSchema.of("webhooks");

    private final Secrets secrets;
    private final Function<String, Optional<String>> settings;
    private final EventSection event;
    private final List<ReplySection> replies;
    private volatile Known now;

    /**
     * What the settings come to at one moment.
     *
     * @param verifier none at all means that the file says {@code scheme: none}
     * @param inBody secrets that stand in the body of a request, and in no event
     */
    private record Known(
            Map<String, Secrets.Value> values,
            Optional<Verifier> verifier,
            List<byte[]> inBody,
            Optional<String> closedBecause) {}

    private Webhooks(
            Secrets secrets,
            Function<String, Optional<String>> settings,
            EventSection event,
            List<ReplySection> replies) {
        this.secrets = secrets;
        this.settings = settings;
        this.event = event;
        this.replies = replies;
        this.now = known(secrets.values(settings));
    }

    private Known known(Map<String, Secrets.Value> values) {
        Secrets.Keys keys = secrets.keys(values);
        boolean inBody =
                secrets.scheme().filter(scheme -> scheme.signature().isField()).isPresent();
        return new Known(
                values,
                secrets.scheme().map(scheme -> new Verifier(scheme, keys.keys())),
                inBody ? keys.keys() : List.of(),
                keys.closedBecause());
    }

    /**
     * Reads the {@code webhooks:} section of a connector file.
     *
     * @param settings the value of a setting by its name; empty when it is not set
     * @param problems gets everything that is wrong in the section. A secret that is not set is not: see
     *     {@link #closedBecause}
     * @return empty when a problem was noted
     */
    public static Optional<Webhooks> read(
            Yaml section, Function<String, Optional<String>> settings, Problems problems) {
        var own = new Problems();
        SCHEMA.check(section, own);
        Optional<Yaml> signature = section.get("signature").filter(Yaml::isMap);
        Optional<Yaml> event = section.get("event").filter(Yaml::isMap);
        Optional<Scheme> scheme = signature.flatMap(at -> SignatureSection.read(at, own));
        Secrets secrets =
                scheme.map(s -> Secrets.read(signature.orElseThrow(), s, own)).orElseGet(() -> Secrets.none(section));
        Optional<EventSection> cut = event.map(at -> EventSection.read(at, own));
        List<ReplySection> replies =
                section.get("reply").map(at -> ReplySection.read(at, own)).orElse(List.of());
        problems.addAll(own.all());
        if (own.any()) {
            return Optional.empty();
        }
        return cut.map(events -> new Webhooks(secrets, settings, events, replies));
    }

    /** The name of every setting its signature asks for. */
    public Set<String> settings() {
        return secrets.settings();
    }

    /**
     * Takes the secrets as they are set now. May take long where one lies in a vault: for a thread of its own, not for a
     * request.
     *
     * @return whether they are others than before
     */
    public boolean look() {
        Map<String, Secrets.Value> values = secrets.values(settings);
        if (values.equals(now.values)) {
            return false;
        }
        now = known(values);
        return true;
    }

    /**
     * What to do before this door opens: {@code set stripe.webhook-secret}. Empty when it is open. A door without a usable
     * secret lets nobody in, because it could not tell a forged request from a true one.
     */
    public Optional<String> closedBecause() {
        return now.closedBecause;
    }

    /** Whether {@code request} comes from who it claims to come from. Never throws, whatever the request holds. */
    public Verification verify(RawRequest request, Instant at) {
        Known known = now;
        return known.closedBecause
                .map(reason -> new Verification(Code.CLOSED, "the door is closed: " + reason))
                .or(() -> known.verifier.map(v -> v.check(request, at)))
                .orElse(Verification.ACCEPTED);
    }

    /**
     * The answer to a handshake that comes without a signature, because its sender has none yet; empty when the request
     * is to be verified. Asked before {@link #verify}.
     */
    public Optional<Reply> openReply(RawRequest request) {
        return reply(request, false);
    }

    /** The answer to a verified handshake; empty when the request is an ordinary one. */
    public Optional<Reply> reply(RawRequest request) {
        return reply(request, true);
    }

    private Optional<Reply> reply(RawRequest request, boolean signed) {
        return replies.stream()
                .filter(reply -> reply.signed() == signed)
                .flatMap(reply -> reply.to(request).stream())
                .findFirst();
    }

    /** Whether requests of this method are answered at all: events come by POST, handshakes as the file says. */
    public boolean answers(String method) {
        return method.equals("POST")
                || replies.stream().anyMatch(reply -> reply.method().equals(method));
    }

    /**
     * The events of a verified request, in the order they stand in it. None when it is an empty list.
     *
     * @throws Malformed when the body is not what the section expects; then none of its events may be stored
     */
    public List<Incoming> events(RawRequest request) {
        List<byte[]> secrets = now.inBody;
        return event.cut(secrets.isEmpty() ? request : request.without(secrets));
    }
}
