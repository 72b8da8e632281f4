package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.oidc.TestIssuer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Who comes by an issuer, and a person who is forgotten, in a real browser: what cookies and policies let through, it alone knows. */
class PeopleBrowserTest {
    @TempDir
    private static Path folder;

    private static TestIssuer issuer;
    private static ConsoleHub hub;
    private static Screen screen;

    @BeforeAll
    static void start() throws SQLException {
        screen = new Screen();
        issuer = new TestIssuer();
        hub = new ConsoleHub(folder.resolve("hub"), issuer.settings());
        hub.dead("ada");
    }

    @AfterAll
    static void stop() {
        if (screen != null) {
            screen.close();
        }
        if (hub != null) {
            hub.close();
            issuer.close();
        }
    }

    @BeforeEach
    void loggedOut() {
        screen.emulate(1280, "light");
        screen.chrome().manage().deleteAllCookies();
        // told of an earlier test
        screen.errors();
    }

    private static void open(String path) {
        screen.chrome().get(hub.hub().url(path));
    }

    private static void comes(String... groups) {
        issuer.person = Map.of("sub", "sub-7", "preferred_username", "Ada Byron", "groups", List.of(groups));
        screen.chrome().findElement(By.linkText("Sign in with Keycloak")).click();
        screen.awaitTitle("Keycloak");
        screen.chrome().findElement(By.linkText("I am Ada")).click();
    }

    @Test
    void whoSignsInByAnIssuerOfAnotherSiteIsLedOnAndOutAgain() {
        open("/runs");
        screen.picture("oidc-login");
        comes("ops");
        screen.awaitText("Runs");
        assertThat(screen.chrome().getCurrentUrl()).isEqualTo(hub.hub().url("/runs"));
        assertThat(screen.chrome().findElement(By.className("who")).getText())
                .matches("Ada Byron \\(Keycloak [0-9a-f]{12}\\) operator(?s).*");

        screen.chrome().findElement(By.cssSelector(".who button")).click();
        screen.await(() -> issuer.asked.contains("/logout?" + hub.hub().url("/login")));
        open("/");
        screen.awaitText("Sign in with Keycloak");
        assertThat(screen.errors()).isEmpty();

        comes("canteen");
        screen.awaitText("Ask whoever runs this hub");
        screen.picture("oidc-stranger");
    }

    @Test
    void whichSystemHasWhatIsReadOnAPhoneAndMendedByKeyboard() {
        String run = hub.dead("wheatear");
        open("/");
        comes("ops");
        screen.awaitText("Overview");
        open("/systems?q=contact%3Awheatear");
        screen.awaitText("never written");
        for (String scheme : List.of("light", "dark")) {
            screen.emulate(1280, scheme);
            screen.picture("systems-" + scheme);
            screen.emulate(360, scheme);
            assertThat(screen.width()).isLessThanOrEqualTo(360);
            screen.picture("systems-phone-" + scheme);
        }
        screen.tabTo("Resume " + run);
        screen.send(Keys.ENTER);
        screen.awaitText("Nothing was changed yet");
        screen.picture("systems-tried-phone");
        assertThat(screen.width()).isLessThanOrEqualTo(360);
        screen.emulate(1280, "light");
        screen.tabToId("why");
        screen.send("they take it now" + Keys.ENTER);
        screen.awaitText("See what came of it");
        assertThat(screen.errors()).isEmpty();
    }

    @Test
    void aPersonIsFoundAndForgottenByKeyboardAlone() {
        open("/");
        comes("hub-admins");
        screen.awaitText("Overview");
        open("/search?q=ada%40example.com");
        screen.tabTo("Hand over or forget what is stored about ada@example.com");
        screen.send(Keys.ENTER);
        screen.awaitText("Runs that would end undone");
        for (String scheme : List.of("light", "dark")) {
            screen.emulate(1280, scheme);
            screen.picture("people-" + scheme);
            screen.emulate(360, scheme);
            assertThat(screen.width()).isLessThanOrEqualTo(360);
            screen.picture("people-phone-" + scheme);
        }
        screen.emulate(1280, "light");
        screen.tabToId("why");
        screen.send("asked for on 2026-11-21" + Keys.TAB + "ada@example.com" + Keys.ENTER);

        // the page keeps itself fresh until it is done
        screen.awaitText("Certificate");
        screen.awaitText("Ada Byron");
        screen.picture("people-certificate");
        screen.emulate(360, "dark");
        assertThat(screen.width()).isLessThanOrEqualTo(360);
        screen.picture("people-certificate-phone");
        open("/audit?who=Ada+Byron");
        assertThat(screen.width()).isLessThanOrEqualTo(360);
        screen.picture("audit-phone");
        open("/people");
        screen.awaitText("Forgotten before");
        assertThat(screen.errors()).isEmpty();
    }
}
