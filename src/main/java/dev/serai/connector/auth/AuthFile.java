package dev.serai.connector.auth;

import dev.serai.connector.FileParts;
import dev.serai.connector.Text;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads the section {@code auth} of a connector file; every problem is noted where it stands. */
public final class AuthFile {
    private final String system;
    private final Yaml auth;
    private final Problems problems;

    /** @param system its name, for the settings the messages propose */
    public AuthFile(String system, Yaml auth, Problems problems) {
        this.system = system;
        this.auth = auth;
        this.problems = problems;
    }

    public Auth read() {
        checkHeader("name", auth.text("type").orElse("").equals("header"));
        checkHeader("header", true);
        checkHeader("timestamp_header", true);
        checkHeader("nonce_header", true);
        checkExpires();
        return switch (auth.text("type").orElse("")) {
            case "basic" -> fixed(Fixed.Kind.BASIC, "password");
            case "bearer" -> fixed(Fixed.Kind.BEARER, "token");
            case "header" -> fixed(Fixed.Kind.HEADER, "value");
            case "query" -> fixed(Fixed.Kind.QUERY, "value");
            case "body" -> new InBody(auth.text("name").orElse(""), secret(auth, "value"));
            case "oauth2" -> new TokenAuthFile(this, auth, problems).oauth2();
            case "session" -> new TokenAuthFile(this, auth, problems).session();
            case "oauth1" ->
                new OAuth1(
                        secretOrId(auth, "consumer_key"),
                        secret(auth, "consumer_secret"),
                        secret(auth, "token"),
                        secret(auth, "token_secret"),
                        secretOrId(auth, "realm"));
            case "hmac" -> hmac();
            default -> Fixed.NONE;
        };
    }

    private Fixed fixed(Fixed.Kind kind, String key) {
        return new Fixed(kind, auth.text("name").orElse(""), secretOrId(auth, "user"), secret(auth, key));
    }

    private Hmac hmac() {
        Template signs = FileParts.template(auth, "signs", problems);
        auth.get("signs").ifPresent(at -> {
            var unknown = new TreeSet<>(signs.names());
            unknown.removeAll(Hmac.PLACES);
            unknown.removeIf(name -> name.startsWith(Hmac.HEADER));
            if (!unknown.isEmpty()) {
                problems.add(
                        at,
                        "\"auth.signs\" has a place {" + unknown.first() + "}; known: {"
                                + String.join("}, {", new TreeSet<>(Hmac.PLACES)) + "}");
            }
            signs.textFunctionOf("body")
                    .ifPresent(
                            function -> problems.add(
                                    at,
                                    "\"auth.signs\" has {" + function
                                            + "(body)}, and a body need not be text; write {body}, or a hash of its bytes, as in {sha256(body)}"));
            for (String part : List.of("timestamp", "nonce")) {
                if (signs.names().contains(part) && auth.get(part + "_header").isEmpty()) {
                    problems.add(
                            at,
                            "\"auth.signs\" has {" + part
                                    + "}, which nothing sends, so that nobody can check the signature; write \"" + part
                                    + "_header\"");
                }
            }
        });
        if (auth.get("timestamp_header").isEmpty()) {
            auth.get("timestamp_unit")
                    .ifPresent(at -> problems.add(
                            at,
                            "\"auth.timestamp_unit\" is about a time that nothing sends; write"
                                    + " \"timestamp_header\", or remove it"));
        }
        return new Hmac(
                secret(auth, "secret"),
                new Hmac.Headers(
                        auth.text("header").orElse(""),
                        secretOrId(auth, "prefix"),
                        auth.text("timestamp_header").orElse(""),
                        auth.text("nonce_header").orElse("")),
                signs,
                new Hmac.Form(
                        FileParts.oneOf(auth, "algorithm", Hmac.Algorithm.SHA256),
                        FileParts.oneOf(auth, "encoding", Hmac.Encoding.HEX),
                        FileParts.oneOf(auth, "secret_as", Hmac.SecretAs.TEXT),
                        FileParts.oneOf(auth, "timestamp_unit", Hmac.TimestampUnit.S)));
    }

    private void checkExpires() {
        auth.get("expires").ifPresent(at -> {
            try {
                LocalDate.parse(at.text());
            } catch (DateTimeException e) {
                problems.add(at, "\"auth.expires\" is \"" + at.text() + "\"; the last day is needed, as in 2027-03-31");
            }
        });
    }

    private void checkHeader(String key, boolean isHeader) {
        auth.get(key).filter(name -> isHeader).ifPresent(name -> FileParts.headerProblem(name.text())
                .ifPresent(problem -> problems.add(name, problem)));
    }

    /** Text that must come from a setting; empty where there is none. */
    Text secret(Yaml map, String key) {
        map.get(key)
                .filter(at -> !at.text().isEmpty() && !at.text().contains("{{"))
                .ifPresent(at -> problems.add(
                        at,
                        "\"" + path(map, key) + "\" is written into the file; put it into a setting and write {{"
                                + system + "." + key.replace('_', '-') + "}}"));
        Text text = secretOrId(map, key);
        text.writtenOut().stream()
                .findFirst()
                .ifPresent(setting -> problems.add(
                        map.get(key).orElse(map),
                        "\"" + path(map, key) + "\" has a default of " + setting
                                + " written into the file, which ends up in version control; write {{" + setting
                                + "}} alone and set it"));
        return text;
    }

    /** Text with settings and no places. */
    Text secretOrId(Yaml map, String key) {
        Text text = FileParts.text(map, key, problems);
        map.get(key).ifPresent(at -> settingsOnly(at, path(map, key), text));
        return text;
    }

    Map<String, Text> settled(Yaml map, String key) {
        Map<String, Text> texts = FileParts.texts(map, key, problems);
        texts.forEach((name, text) -> settingsOnly(map.get(key).orElseThrow(), path(map, key) + "." + name, text));
        return texts;
    }

    private String path(Yaml map, String key) {
        return map == auth
                ? "auth." + key
                : List.of("assertion", "login").stream()
                        .filter(name -> auth.get(name)
                                .filter(part -> part.get(key).isPresent())
                                .isPresent())
                        .findFirst()
                        .map(name -> "auth." + name + "." + key)
                        .orElse("auth." + key);
    }

    void settingsOnly(Yaml at, String name, Text text) {
        if (!text.places().isEmpty()) {
            problems.add(
                    at,
                    "\"" + name + "\" has a place {" + text.places().iterator().next()
                            + "}; only settings {{name}} may stand there");
        }
    }
}
