package dev.serai.connector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.file.FileRefused;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhooksFileTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # signature                                    | what is said
            {}                                             | 2:14: "signature" lacks "scheme"; write which system signs (basic, bigcommerce, body, digest, github, hmac, hubspot_v3, public_key, query, sendgrid, shopify, slack, standard_webhooks, standard_webhooks_v1a, stripe, token), or "scheme: none" if anyone who knows the address shall be let in
            { scheme: strype, secret: "{{a}}" }            | 2:24: "signature.scheme" is "strype"; did you mean "stripe"?
            { scheme: stripe }                             | 2:14: scheme stripe lacks "secret"; name the setting that holds it, as secret: "{{crm.webhook-secret}}"
            { scheme: stripe, secret: "{{a}}", heder: X }  | 2:49: "heder" is not known under "signature"; did you mean "header"?
            { scheme: stripe, secret: "{{a}}", header: X } | 2:49: "header" does not belong to scheme stripe: only scheme hmac, digest or public_key takes it; remove it
            { scheme: github, secret: "{{a}}", tolerance: 5m } | 2:49: "tolerance" does not belong to scheme github: its signature has no time; remove it
            { scheme: none, secret: "{{a}}" }              | 2:30: "secret" does not belong to scheme none: nothing is signed; remove it
            { scheme: none, tolerance: 5m }                | 2:30: "tolerance" does not belong to scheme none: its signature has no time; remove it
            { scheme: hmac, secret: "{{a}}" }              | 2:14: scheme hmac lacks "header"; name the header that carries the signature
            { scheme: hmac, secret: "{{a}}", header: X, algorithm: md5 } | 2:69: "signature.algorithm" is "md5"; known: ecdsa_sha256, ed25519, sha1, sha256, sha512
            { scheme: hmac, secret: "{{a}}", header: X, tolerance: 5m }  | 2:58: "tolerance" has no effect without "timestamp_header"; add that
            { scheme: hmac, secret: "{{a}}", header: X, signed: "{id}{body}" } | 2:66: "signed" has {id} but "id_header" is missing
            { scheme: hmac, secret: "{{a}}", header: X, timestamp_header: T } | 2:58: "timestamp_header" is given but "signed" has no {timestamp}; what is not signed can be changed by anyone
            { scheme: hmac, secret: "{{a}}", header: X, signed: "{method}" } | 2:66: "signed" is "{method}": it has no {body}; a signature that does not cover the body proves nothing
            { scheme: hmac, secret: "{{a}}", header: X, signed: "{body}{boddy}" } | 2:66: "signed" is "{body}{boddy}": it has a place that is not known; known: {body}, {timestamp}, {id}, {method}, {url}, {form}, {secret}
            { scheme: hmac, secret: "{{a}}", header: X, algorithm: ed25519 } | 2:58: "algorithm" does not belong to scheme hmac: it has no ed25519; remove it
            { scheme: hmac, secret: "{{a}}", header: X, signed: "{secret}{body}" } | 2:66: "signed" has {secret}; only scheme digest has the secret in the text
            { scheme: hmac, secret: "{{a}}", header: X, public_key: "{{b}}" } | 2:58: "public_key" does not belong to scheme hmac: it has a secret; remove it
            { scheme: hmac, secret: "{{a}}", header: X, timestamp_prefix: "t=" } | 2:58: "timestamp_prefix" has no effect without "timestamp_header"; add that
            { scheme: digest, secret: "{{a}}", header: X } | 2:14: a plain hash proves something only with {secret} in "signed", as {secret}{body}
            { scheme: public_key, header: X }              | 2:14: scheme public_key lacks "public_key"; name the setting that holds it, as public_key: "{{crm.webhook-public-key}}"
            { scheme: sendgrid, public_key: "{{k}}", secret: "{{a}}" } | 2:55: "secret" does not belong to scheme sendgrid: it has a public_key; remove it
            { scheme: basic, secret: "{{a}}" }             | 2:14: scheme basic lacks "user"; write the user the sender is to send
            { scheme: query, secret: "{{a}}" }             | 2:14: scheme query lacks "parameter"; write the name of the parameter the address is given to the sender with
            { scheme: token, secret: "{{a}}", user: me }   | 2:48: "user" does not belong to scheme token: only scheme basic takes it; remove it
            { scheme: token, secret: "{{a}}", tolerance: 5m } | 2:48: "tolerance" does not belong to scheme token: its signature has no time; remove it
            { scheme: token, secret: "{{a}}", signed: "{body}" } | 2:48: "signed" does not belong to scheme token: only scheme hmac, digest or public_key takes it; remove it
            { scheme: slack, secret: "{{a}}", tolerance: 5 minutes } | 2:59: "tolerance" is "5 minutes"; write a duration such as 30s, 5m or 1h
            { scheme: slack, secret: hunter2hunter2 }      | 2:39: "secret" must be one setting and nothing else, as "{{crm.webhook-secret}}"; a secret in a file, or as a setting's default, ends up in version control
            { scheme: slack, secret: "{{a:hunter2hunter2}}" } | 2:39: "secret" must be one setting and nothing else, as "{{crm.webhook-secret}}"; a secret in a file, or as a setting's default, ends up in version control
            """)
    void aWrongSignatureSectionIsRefusedAtItsPlace(String signature, String said) {
        assertThat(problems("webhooks:\n  signature: " + signature + "\n  event: { type: x }\n"))
                .isEqualTo("connector.yaml:" + said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # event                                | what is said
            { id: "{id}" }                         | 3:10: "event" lacks "type"
            { type: "{exec(x)}" }                  | 3:18: "type": "exec" is not a function; known: base64url, escaped, head, last, lower, md5, quoted, sha256, tail, trim, upper
            { type: [a, "{x"] }                    | 3:22: "type": "{x" has a brace that belongs to no place; write {name} or {function(name)}
            { type: 5 }                            | 3:18: "event.type" must be text or a list, not "5"
            { type: x, types: { a: [b] } }         | 3:33: "event.types.a" must be text, not a list
            { type: x, split_content_type: a/b }   | 3:21: "split_content_type" says which bodies are cut; write it beside "split", without "or_single"
            { type: x, id: eventId }               | 3:25: "id" is "eventId", the same for every event, so that only the first would be taken; name a field in braces, as in "{eventId}"
            { type: x, id: ["{a}", "event b"] }    | 3:33: "id" is "event b", the same for every event, so that only the first would be taken; name a field in braces, as in "{id}"
            { type: x, id: "{a}-{b}", record: a }  | 3:44: "record" is "a", the same for every event, so that one that fails would hold up all others; name a field in braces, as in "{a}"
            { type: x, version: v1 }               | 3:30: "version" is "v1", the same for every event, so that a late one could not be recognised; name a field in braces, as in "{v1}"
            { type: x, split: "$.events[*]" }      | 3:28: "event.split" is "$.events[*]"; a path is names with dots between them: write "events.*"
            { type: x, splitt: "." }               | 3:21: "splitt" is not known under "event"; did you mean "split"?
            """)
    void aWrongEventSectionIsRefusedAtItsPlace(String event, String said) {
        assertThat(problems("webhooks:\n  signature: { scheme: none }\n  event: " + event + "\n"))
                .isEqualTo("connector.yaml:" + said);
    }

    @Test
    void everyProblemIsSaidAtOnce() {
        assertThat(problems("""
                        webhooks:
                          signature: { scheme: hmac, tolerance: soon, heder: X }
                          event: { type: "{", id: "}", splitt: . }
                          reply: { when: "{{x}}", is: y, body: z }
                        """).lines()).hasSize(9);
    }

    @Test
    void nothingGivenAsASecretIsQuoted() {
        assertThat(problems(
                        "webhooks:\n  signature: { scheme: slack, secret: hunter2hunter2 }\n  event: { type: x }\n"))
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "unset", delimiter = '|', quoteCharacter = '~', textBlock = """
            stripe | unset                    | set a.b
            stripe | ~~                       | set a.b
            stripe | short                    | a.b is shorter than 8 characters; set a long random one
            stripe | ChangeMe                 | a.b is a placeholder that everybody knows; set a long random one
            stripe | default-secret-change-me | a.b is a placeholder that everybody knows; set a long random one
            stripe | ~long-enough-secret ~    | a.b begins or ends with white space; set it without
            standard_webhooks | whsec_?????????? | a.b is not base64, with or without "whsec_" before it; copy it again from the sender
            standard_webhooks | whsec_YWJj    | a.b is shorter than 8 characters; set a long random one
            """)
    void aDoorWithoutAUsableSecretStaysClosedAndSaysWhatToDo(String scheme, String secret, String reason) {
        var webhooks = Sections.read(
                "webhooks:\n  signature: { scheme: " + scheme + ", secret: \"{{a.b}}\" }\n  event: { type: x }\n",
                name -> Optional.ofNullable(secret));

        assertThat(webhooks.closedBecause()).contains(reason);
    }

    @Test
    void aWorthlessPreviousSecretClosesTheDoorTooBecauseItWouldOpenIt() {
        var webhooks = Sections.read("""
                webhooks:
                  signature: { scheme: github, secret: "{{now}}", previous_secret: "{{before:}}" }
                  event: { type: x }
                """, name -> Optional.of(name.equals("now") ? "a-good-long-secret" : "secret"));

        assertThat(webhooks.closedBecause())
                .contains("before is a placeholder that everybody knows; set a long random one");
    }

    @Test
    void anUnsignedSectionIsOpenBecauseItSaysSo() {
        assertThat(Sections.unsigned("type: x").closedBecause()).isEmpty();
    }

    private static String problems(String file) {
        return catchThrowableOfType(
                        FileRefused.class, () -> Sections.read(file, name -> Optional.of("a-good-long-secret")))
                .getMessage();
    }
}
