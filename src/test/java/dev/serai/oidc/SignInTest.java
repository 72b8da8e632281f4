package dev.serai.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import dev.serai.oidc.NotSignedIn.Why;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom an issuer vouches for, and when it is not believed; each against an issuer over real HTTP. */
class SignInTest {
    private static final URI BACK = URI.create("http://127.0.0.1:9/login/oidc/back");
    private static final Ticket TICKET = new Ticket("t".repeat(43));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final TestIssuer issuer = new TestIssuer();
    private Instant now = Instant.now();

    @AfterEach
    void stop() {
        issuer.close();
    }

    private SignIn signIn(String roles, String secret) {
        var terms = new Terms(
                "Keycloak",
                URI.create(issuer.url()),
                TestIssuer.CLIENT,
                () -> secret,
                List.of("openid", "email"),
                roles);
        return new SignIn(terms, sender(), () -> now);
    }

    private static HTTPRequestSender sender() {
        return asked -> {
            var request = HttpRequest.newBuilder(asked.getURI())
                    .method(
                            asked.getMethod().name(),
                            asked.getBody() == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(asked.getBody()));
            asked.getHeaderMap().forEach((name, values) -> request.header(name, values.get(0)));
            try {
                var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
                var response = new HTTPResponse(answer.statusCode());
                response.setContentType(
                        answer.headers().firstValue("Content-Type").orElse("text/plain"));
                response.setBody(answer.body());
                return response;
            } catch (InterruptedException | ParseException e) {
                throw new IOException(e);
            }
        };
    }

    private SignIn.Answer consented(SignIn signIn) throws NotSignedIn {
        Map<String, String> query =
                query(issuer.consent(signIn.begin(TICKET, BACK).toString()));
        return new SignIn.Answer(query.get("state"), query.get("code"), query.get("iss"), "", "");
    }

    private static Map<String, String> query(URI address) {
        var query = new HashMap<String, String>();
        for (String pair : address.getRawQuery().split("&")) {
            query.put(pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Identity signedIn(SignIn signIn) throws NotSignedIn {
        return signIn.finish(TICKET, consented(signIn), BACK);
    }

    private Identity signedIn() throws NotSignedIn {
        return signedIn(signIn("groups", TestIssuer.SECRET));
    }

    private NotSignedIn refused() {
        return catchThrowableOfType(NotSignedIn.class, this::signedIn);
    }

    @Test
    void whoAgreesIsKnownByNameSubjectAndGroups() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        Identity ada = signedIn(signIn);

        assertThat(ada.name()).isEqualTo("ada");
        assertThat(ada.subject()).isEqualTo("sub-7");
        assertThat(ada.values()).containsExactly("ops");
        assertThat(query(signIn.begin(TICKET, BACK)))
                .containsEntry("scope", "openid email")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge")
                .doesNotContainValue(TICKET.secret());
        assertThat(issuer.asked).contains("/token basic");
    }

    static Stream<Arguments> lies() {
        Date past = Date.from(Instant.now().minusSeconds(90));
        return Stream.of(
                lie("another issuer", claims -> claims.issuer("https://evil.example"), "issuer"),
                lie("another audience", claims -> claims.audience("another-client"), "audience"),
                lie(
                        "two audiences, and issued to the other",
                        claims -> claims.audience(List.of(TestIssuer.CLIENT, "another"))
                                .claim("azp", "another"),
                        "for others too"),
                lie("over", claims -> claims.expirationTime(past), "xpired"),
                lie(
                        "from the future",
                        claims -> claims.issueTime(Date.from(Instant.now().plusSeconds(600))),
                        "ahead"),
                lie("another nonce", claims -> claims.claim("nonce", "another"), "nonce"),
                lie("no nonce", claims -> claims.claim("nonce", null), "nonce"),
                lie("nobody", claims -> claims.subject(null), "sub"));
    }

    private static Arguments lie(String name, Consumer<JWTClaimsSet.Builder> lie, String said) {
        return Arguments.of(name, lie, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void aTokenThatIsNotForUsNowIsRefused(String name, Consumer<JWTClaimsSet.Builder> lie, String said) {
        issuer.lie = lie;

        assertThat(refused().why()).isEqualTo(Why.NOT_BELIEVED);
        assertThat(refused()).hasMessageContaining(said).hasMessageStartingWith("What Keycloak says is not believed");
    }

    @Test
    void aTokenForSeveralCountsWhenItWasIssuedToUs() throws NotSignedIn {
        issuer.lie =
                claims -> claims.audience(List.of("another", TestIssuer.CLIENT)).claim("azp", TestIssuer.CLIENT);

        assertThat(signedIn().name()).isEqualTo("ada");
    }

    @Test
    void clocksMayDifferByAMinute() throws NotSignedIn {
        issuer.lie = claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(30)));

        assertThat(signedIn().name()).isEqualTo("ada");
    }

    @Test
    void aTokenIsSignedByTheIssuersKeyOrIsNone() {
        issuer.written = claims -> new PlainJWT(claims).serialize();
        assertThat(refused()).hasMessageContaining("Signed ID token expected");

        issuer.written = claims -> TestIssuer.signed(claims, TestIssuer.key("first"));
        assertThat(refused()).hasMessageContaining("nvalid signature");

        // the secret is known to every client: who has it could make tokens
        issuer.written = SignInTest::signedBySecret;
        assertThat(refused().why()).isEqualTo(Why.NOT_BELIEVED);
    }

    private static String signedBySecret(JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner((TestIssuer.SECRET + "0".repeat(32)).substring(0, 32)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aKeyThatIsNewIsAskedForAtOnce() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        signedIn(signIn);
        issuer.rotate();

        assertThat(signedIn(signIn).name()).isEqualTo("ada");
        assertThat(issuer.asked).filteredOn("/keys"::equals).hasSize(2);
        assertThat(issuer.asked)
                .filteredOn("/.well-known/openid-configuration"::equals)
                .hasSize(1);
    }

    @Test
    void whoComesBackIntoAnotherBrowserIsNobody() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        SignIn.Answer answer = consented(signIn);
        var other = new Ticket("o".repeat(43));

        NotSignedIn refused = catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(other, answer, BACK));

        assertThat(refused.why()).isEqualTo(Why.NOT_BEGUN_HERE);
        assertThat(issuer.asked).as("the code was not used").doesNotContain("/token basic");
    }

    @Test
    void aCodeIsGoodOnceAndWhatTheIssuerSaysToItIsTold() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        SignIn.Answer answer = consented(signIn);
        signIn.finish(TICKET, answer, BACK);

        assertThat(catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(TICKET, answer, BACK)))
                .hasMessage("Keycloak said no: invalid_grant, Code not valid. Begin again; if it stays so, show this to"
                        + " whoever runs this hub.");
        var no = new SignIn.Answer(answer.state(), "", "", "access_denied", "w".repeat(500));
        assertThat(catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(TICKET, no, BACK)))
                .hasMessageStartingWith("Keycloak said no: access_denied, www")
                .message()
                .hasSizeLessThan(400);
        var made = new SignIn.Answer("made-up", "", "", "call +1 555 0100", "");
        assertThat(catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(TICKET, made, BACK)))
                .as("words of whoever made a link are not shown")
                .hasMessageNotContaining("555");
    }

    @Test
    void theAnswerOfAnotherIssuerIsNotTaken() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        SignIn.Answer answer = consented(signIn);
        var mixed = new SignIn.Answer(answer.state(), answer.code(), "https://evil.example", "", "");

        assertThat(catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(TICKET, mixed, BACK)))
                .hasMessageContaining("the answer is of another issuer, \"https://evil.example\"");
    }

    static Stream<Arguments> documents() {
        return Stream.of(
                Arguments.of("issuer", "https://evil.example", "serai.oidc.issuer is \"http://localhost"),
                Arguments.of("token_endpoint", "http://evil.example/token", "an address with https is needed"),
                Arguments.of("jwks_uri", "http://evil.example/keys", "an address with https is needed"),
                Arguments.of("jwks_uri", "not an address", "can't be used"),
                Arguments.of("id_token_signing_alg_values_supported", List.of("HS256"), "no way to sign ID tokens"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("documents")
    void whatAnIssuerPublishesOfItselfIsChecked(String what, Object value, String said) {
        issuer.metadata.put(what, value);

        assertThat(refused().why()).isEqualTo(Why.NOT_BELIEVED);
        assertThat(refused()).hasMessageContaining(said);
    }

    @Test
    void anIssuerThatIsAwayIsAskedAgainAfterFiveSecondsAndNotByEverybodyWhoWaits() throws NotSignedIn {
        SignIn signIn = signIn("groups", TestIssuer.SECRET);
        issuer.metadata.put("issuer", "https://not-yet.example");
        NotSignedIn first = catchThrowableOfType(NotSignedIn.class, () -> signIn.begin(TICKET, BACK));
        issuer.metadata.clear();

        assertThat(catchThrowableOfType(NotSignedIn.class, () -> signIn.begin(TICKET, BACK)))
                .isSameAs(first);
        now = now.plus(Duration.ofSeconds(6));
        assertThat(signedIn(signIn).name()).isEqualTo("ada");

        SignIn.Answer answer = consented(signIn);
        issuer.close();
        NotSignedIn away = catchThrowableOfType(NotSignedIn.class, () -> signIn.finish(TICKET, answer, BACK));
        assertThat(away.why()).isEqualTo(Why.AWAY);
        assertThat(away)
                .hasMessage(
                        "Keycloak can't be asked now. Try again in a moment, or log in with a token; the log of this hub"
                                + " says why.");
        assertThat(away.detail()).isNotEmpty();
    }

    @Test
    void withoutItsKeysAnIssuerIsAway() {
        issuer.keysAway = true;

        assertThat(refused().why()).isEqualTo(Why.AWAY);
        assertThat(refused().detail()).contains("/keys answered 503");
    }

    @Test
    void whateverPeopleCallThemselvesTheMarkIsThatOfTheAccount() throws NotSignedIn {
        issuer.person = Map.of("sub", "sub-7", "preferred_username", "ada");
        String ada = signedIn(signIn("groups", "")).noted("Keycloak");
        issuer.person = Map.of("sub", "sub-7", "preferred_username", "grace");
        String renamed = signedIn(signIn("groups", "")).noted("Keycloak");
        issuer.person = Map.of("sub", "sub-8", "preferred_username", "ada");
        String another = signedIn(signIn("groups", "")).noted("Keycloak");

        assertThat(ada).matches("ada \\(Keycloak [0-9a-f]{12}\\)");
        assertThat(renamed).isEqualTo(ada.replace("ada (", "grace ("));
        assertThat(another).startsWith("ada (Keycloak ").isNotEqualTo(ada);
    }

    @Test
    void aClaimIsFoundByItsNameOrItsPathAndAnAddressOnlyWhenItIsVerified() throws NotSignedIn {
        issuer.person = Map.of(
                "sub", "sub-7",
                "email", "ada@example.com",
                "realm_access", Map.of("roles", List.of("hub", "other")),
                "https://example.com/roles", "one");

        assertThat(signedIn(signIn("realm_access.roles", "")).values()).isEqualTo(Set.of("hub", "other"));
        assertThat(signedIn(signIn("https://example.com/roles", "")).values()).isEqualTo(Set.of("one"));
        assertThat(signedIn(signIn("realm_access.nothing", "")).values()).isEmpty();
        assertThat(signedIn(signIn("groups", "")).name()).as("no user name").isEqualTo("ada@example.com");
        assertThat(signedIn(signIn("email", "")).values()).isEmpty();
        issuer.person = Map.of("sub", "sub-7", "email", "ada@example.com", "email_verified", true);
        assertThat(signedIn(signIn("email", "")).values()).isEqualTo(Set.of("ada@example.com"));
        issuer.person = Map.of("sub", "sub-8", "preferred_username", "ada (Keycloak 5b2e0c91d7aa)");
        assertThat(signedIn(signIn("groups", "")).name()).isEqualTo("ada  Keycloak 5b2e0c91d7aa");
        issuer.person = Map.of("sub", "sub\n-7" + "7".repeat(200));
        assertThat(signedIn(signIn("groups", "")).name())
                .startsWith("sub -7")
                .hasSize(100)
                .endsWith("…");
    }

    @Test
    void aClientSaysWhoItIsAsTheIssuerWantsIt() throws NotSignedIn {
        signedIn(signIn("groups", ""));
        assertThat(issuer.asked).contains("/token public").doesNotContain("/token basic");

        issuer.metadata.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
        signedIn(signIn("groups", TestIssuer.SECRET));
        assertThat(issuer.asked).contains("/token post");
    }

    @Test
    void whoLogsOutIsSentToLogOutThereWhereThatIsOffered() {
        SignIn signIn = signIn("groups", "");
        assertThat(signIn.farewell(BACK)).hasValueSatisfying(address -> assertThat(query(address))
                .containsEntry("client_id", TestIssuer.CLIENT)
                .containsEntry("post_logout_redirect_uri", BACK.toString()));

        issuer.metadata.put("end_session_endpoint", "http://evil.example");
        assertThat(signIn("groups", "").farewell(BACK)).isEmpty();
    }

    @Test
    void aTicketIsOneSecretFromWhichNobodyReadsTheOthers() {
        assertThat(Set.of(
                        TICKET.secret(),
                        TICKET.state().getValue(),
                        TICKET.nonce().getValue(),
                        TICKET.verifier().getValue()))
                .hasSize(4);
        assertThat(Ticket.is("")).isFalse();
        assertThat(Ticket.is("t".repeat(42) + ".")).isFalse();
        assertThat(TICKET).hasToString("Ticket");
    }
}
