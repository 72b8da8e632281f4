package dev.serai.connector;

import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.Hmac;
import dev.serai.connector.auth.OAuth1;
import dev.serai.connector.auth.Secrecy;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.file.Yaml;
import java.net.URI;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a connection proves itself with, as its file and the settings have it now. */
public final class SignIn {
    /** Beside {@code auth}, what is shorter is no secret, and hiding it would spoil every message. */
    private static final int LEAST = 6;

    private final Connector.Reach reach;
    private final Yaml file;
    private final Map<String, Operation> operations;
    private final Supplier<Stream<Text>> beside;

    /** @param beside the texts of headers and queries that may hold a secret too */
    SignIn(Connector.Reach reach, Yaml file, Map<String, Operation> operations, Supplier<Stream<Text>> beside) {
        this.reach = reach;
        this.file = file;
        this.operations = operations;
        this.beside = beside;
    }

    /** All that makes up its credential, as the file and the settings have it now; a token is none of it. */
    public Set<String> credential() {
        Set<String> parts = asked();
        beside.get().forEach(text -> {
            parts.add(text.toString());
            text.undisclosed().forEach(name -> reach.settings().get(name).ifPresent(parts::add));
        });
        return parts;
    }

    /** How it proves itself, as the file says it. */
    public Auth auth() {
        return reach.auth();
    }

    /** What {@code auth} makes up of it: all that a token is asked for with. */
    public Set<String> asked() {
        var parts = new TreeSet<String>();
        Stream.concat(reach.auth().texts(), reach.auth().secretTexts()).forEach(text -> {
            parts.add(text.toString());
            text.settings().forEach(name -> reach.settings().get(name).ifPresent(parts::add));
        });
        return parts;
    }

    /** The names of the settings without which it can't be signed in. */
    public Set<String> missing(Settings settings) {
        var names = new TreeSet<String>();
        reach.auth().texts().forEach(text -> names.addAll(text.missing(settings)));
        return names;
    }

    /** The names of the settings whose values are secret, or may be. */
    Set<String> secretSettings() {
        Set<String> names = reach.auth().secretSettings();
        beside.get().forEach(text -> names.addAll(text.undisclosed()));
        return names;
    }

    /** The day on which its credential ends, as the file says; empty when it says none. */
    public Optional<LocalDate> expires() {
        return file.get("auth").flatMap(auth -> auth.text("expires")).map(LocalDate::parse);
    }

    /** What it asks leave for, and what its operations need. */
    public Scopes scopes() {
        return new Scopes(reach.auth(), values(), file, operations);
    }

    /** The request as it is to be sent, signed where the file asks for it. */
    public Request sign(Request request, Auth.Moment moment) {
        return reach.auth().sign(request, values(), moment);
    }

    /** Whether {@link #sign} does anything. */
    public boolean signs() {
        return reach.auth() instanceof OAuth1 || reach.auth() instanceof Hmac;
    }

    /** The request with the token this has, in place of the one it was built with. */
    public Request carry(Request request) {
        return reach.auth() instanceof TokenAuth tokens ? tokens.carry(request, values()) : request;
    }

    /** What is filled into requests for tokens: settings, and nothing of a call. */
    public Values values() {
        return new Values(reach.name(), Connector.SIGN_IN, reach.settings(), place -> null);
    }

    /** What must never be shown, as it is set now: the plain secret and the forms it takes in a request. */
    public Set<String> secrets() {
        Set<String> secrets = reach.auth().secrets(values());
        beside.get()
                .flatMap(text -> text.undisclosed().stream())
                .flatMap(name -> reach.settings().get(name).stream())
                .filter(value -> value.length() >= LEAST)
                .forEach(value -> Secrecy.add(secrets, value));
        addressOfAWholeSetting().ifPresent(path -> Secrecy.add(secrets, path));
        return secrets;
    }

    /** Where a setting is the whole address, whoever knows its path may call it. */
    private Optional<String> addressOfAWholeSetting() {
        boolean whole = reach.base()
                .filter(base -> base.toString().matches("\\{\\{[^{}:]+}}"))
                .isPresent();
        try {
            return whole
                    ? Optional.ofNullable(URI.create(Requests.base(reach)).getPath())
                            .map(path -> path.replaceAll("/+$", ""))
                            .filter(path -> path.length() > LEAST)
                    : Optional.empty();
        } catch (ConnectorRefused e) {
            return Optional.empty();
        }
    }

    /** Replaces every secret in a text by {@code ***}: those there are now, so that they are put together once for many texts. */
    UnaryOperator<String> masking() {
        List<String> secrets = secrets().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        return text -> {
            String masked = text;
            for (String secret : secrets) {
                masked = masked.replace(secret, "***");
            }
            return masked;
        };
    }
}
