package dev.serai.connector.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a token comes from. */
public sealed interface TokenSource permits OAuth2, Session {

    /** Whether a person has to consent before there is a token. */
    boolean needsConsent();

    /** Whether a renewal uses up a refresh token, so that what is asked twice may be refused. */
    boolean uses(Optional<Token> had);

    /** Whether it asks with a user's password: too many wrong ones, and the vendor locks the account. */
    boolean logsIn();

    /**
     * The request that gets the next token.
     *
     * @param had the one before; its refresh token is used where the grant has one
     * @param moment when it is asked for: assertions are signed for it
     * @throws dev.serai.connector.ConnectorRefused when a setting is missing or unfit
     */
    Request ask(Values values, Optional<Token> had, Auth.Moment moment);

    /** Where the parts of a token stand in an answer. @param life may be seconds or a time; empty when it never says */
    record Places(String access, String life) {}

    Places places();

    /** What it signs; empty where it signs nothing. */
    Optional<Assertion> assertion();

    /** Where tokens are asked for. */
    Text address();

    Stream<Text> texts();

    Stream<Text> secretTexts();

    /** A token that is the whole answer, as bare JSON text, has an empty path. */
    static JsonNode at(JsonNode json, String path) {
        return dev.serai.connector.Json.at(json, path);
    }
}
