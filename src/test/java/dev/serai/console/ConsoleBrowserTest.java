package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.api.Role;
import dev.serai.simulator.Fault;
import dev.serai.store.FlowSwitches.State;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * The console in a real browser, as a person uses it. With {@code SCREENSHOTS=folder} it leaves pictures of the pages
 * for people to look at.
 */
class ConsoleBrowserTest {
    private static final List<String> PAGES = List.of(
            "/",
            "/runs",
            "/dead-letters",
            "/dead-letters/fix?flow=enrol-contact",
            "/flows",
            "/flows/enrol-contact",
            "/flows/tell-sales",
            "/connections",
            "/quotas",
            "/sources",
            "/streams",
            "/drift",
            "/settings",
            "/mappings",
            "/mappings/mailchimp/contact-to-member",
            "/audit");

    @TempDir
    private static Path folder;

    private static ConsoleHub hub;
    private static Screen screen;
    private static ChromeDriver chrome;

    /** All pages, of a contact whose run is dead. */
    private static List<String> pages(String contact) {
        String run = hub.dead(contact);
        hub.hub()
                .column(
                        "INSERT INTO tally (span, kind, at, name, part, outcome, count) VALUES ('hour', 'request',"
                                + " date_trunc('hour', now()), 'hubspot', '', 'signature_mismatch', 12) ON CONFLICT DO NOTHING RETURNING kind");
        var pages = new ArrayList<>(PAGES);
        pages.addAll(List.of("/runs/" + run + "?payload=show", "/alerts", "/runbooks/validation"));
        pages.add("/search?q=" + contact + "%40example.com");
        pages.add("/why?who=" + contact + "%40example.com&field=email_address");
        await().atMost(Duration.ofSeconds(60)).until(() -> !alerts().isEmpty());
        pages.add("/alerts/" + alerts().get(0));
        return pages;
    }

    private static List<String> alerts() {
        return hub.hub().column("SELECT name FROM alert WHERE state = 'open' AND signal = 'repeated_pattern'");
    }

    @BeforeAll
    static void start() throws SQLException {
        screen = new Screen();
        chrome = screen.chrome();
        hub = new ConsoleHub(folder.resolve("hub"));
        hub.contact("fine", "subscribed");
        hub.ends("fine", "done");
    }

    @AfterAll
    static void stop() {
        if (screen != null) {
            screen.close();
        }
        if (hub != null) {
            hub.close();
        }
    }

    @BeforeEach
    void loggedOut() {
        screen.emulate(1280, "light");
        chrome.manage().deleteAllCookies();
        open("/");
        // told of an earlier test
        screen.errors();
    }

    @Test
    void aPersonLogsInFindsADeadLetterReadsWhyCorrectsItAndSeesItSucceed() {
        String run = hub.dead("ada");
        login();
        // what has just arrived is found a moment later
        screen.await(() -> {
            open("/");
            chrome.findElement(By.id("q")).sendKeys("ada@example.com" + Keys.ENTER);
            return chrome.findElement(By.tagName("h1")).getText().equals("ada@example.com");
        });
        screen.picture("search-by-address");
        chrome.findElement(By.linkText(run)).click();
        screen.awaitText("A person has to act");
        screen.picture("run-dead");
        chrome.findElement(By.linkText("Correct the payload first")).click();
        var payload = chrome.findElement(By.id("payload"));
        String corrected = payload.getDomProperty("value").replace("nonsense", "subscribed");
        payload.clear();
        payload.sendKeys(corrected);
        chrome.findElement(By.id("why")).sendKeys("a status that exists");
        // without a click
        screen.awaitText("\"status_if_new\" : \"subscribed\"");
        screen.picture("run-correct");
        chrome.findElement(By.cssSelector("form[action$=resume] button")).click();

        // the page keeps itself fresh until the run has ended
        screen.awaitText("● done");
        screen.awaitText("a status that exists");
        screen.picture("run-done");
        assertThat(screen.errors()).isEmpty();
    }

    @Test
    void allOfItGoesByKeyboard() {
        String run = hub.dead("keys");
        chrome.switchTo().activeElement().sendKeys(hub.token(Role.OPERATOR) + Keys.ENTER);
        screen.awaitText("Overview");
        chrome.findElement(By.tagName("body")).sendKeys(Keys.TAB);
        assertThat(screen.focused().getText()).isEqualTo("To the content");
        open("/audit");
        chrome.findElement(By.tagName("body")).sendKeys("/");
        assertThat(chrome.switchTo().activeElement().getDomAttribute("id")).isEqualTo("q");
        chrome.switchTo().activeElement().sendKeys("contact:keys" + Keys.ENTER);
        await().until(() -> chrome.getCurrentUrl().contains("q=contact"));
        screen.tabTo(run);
        chrome.switchTo().activeElement().sendKeys(Keys.ENTER);
        screen.awaitText("A person has to act");
        screen.tabTo("Correct the payload first");
        screen.tabToId("why");
        chrome.switchTo().activeElement().sendKeys("tried again" + Keys.ENTER);

        screen.awaitText("a-operator: resume");
        hub.ends("keys", "dead");
    }

    @Test
    void noPageIsWiderThanASmallPhone() {
        List<String> pages = pages("phone-with-a-very-long-name-that-has-no-blank-in-it-at-all-and-goes-on");
        login();
        screen.emulate(360, "light");
        for (String page : pages) {
            open(page);
            assertThat(screen.width()).as(page).isLessThanOrEqualTo(360);
            screen.picture("phone" + page.replaceAll("[/?=&]", "-"));
        }
        assertThat(screen.errors()).isEmpty();
    }

    @Test
    void atNightItIsDark() {
        List<String> pages = pages("night");
        login();
        for (String page : pages) {
            open(page);
            screen.picture("light" + page.replaceAll("[/?=&]", "-"));
        }
        Object day = chrome.executeScript("return getComputedStyle(document.documentElement).backgroundColor");
        screen.emulate(1280, "dark");
        for (String page : pages) {
            open(page);
            screen.picture("dark" + page.replaceAll("[/?=&]", "-"));
        }
        Object night = chrome.executeScript("return getComputedStyle(document.documentElement).backgroundColor");

        assertThat(day).isEqualTo("rgb(250, 250, 249)");
        assertThat(night).isEqualTo("rgb(22, 21, 20)");
    }

    @Test
    void aFlowIsPausedAndResumedByKeyboardAloneAndThePageFollows() {
        login();
        open("/flows/enrol-contact");
        screen.tabToId("why");
        chrome.switchTo().activeElement().sendKeys("they move house" + Keys.TAB + Keys.ENTER);
        screen.awaitText("‖ paused");
        await().until(() -> hub.hub().wiring().hub().flowState("enrol-contact") == State.PAUSED);
        hub.hub().column("UPDATE console_session SET used_at = used_at - interval '2 hours' RETURNING 1");
        hub.contact("while-paused", "subscribed");
        screen.awaitText("1\n○ waiting");
        assertThat(hub.hub().column("SELECT 1 FROM console_session WHERE used_at > now() - interval '1 hour'"))
                .as("nobody has clicked")
                .isEmpty();
        screen.picture("flow-paused");
        screen.tabToId("why");
        chrome.switchTo().activeElement().sendKeys("they are there" + Keys.TAB + Keys.ENTER);
        screen.awaitText("● on");
        hub.ends("while-paused", "done");

        // nobody loads the page anew: the figure comes by itself
        screen.awaitText("0\n○ waiting");
        assertThat(screen.errors()).isEmpty();
    }

    @Test
    void whatAPatchWouldMakeOfOneOfManyIsShown() {
        hub.dead("patched");
        login();
        open("/dead-letters/fix?flow=enrol-contact");
        chrome.findElement(By.id("patch"))
                .sendKeys("[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"pending\"}]");
        chrome.findElement(By.cssSelector("button[value=preview]")).click();

        screen.awaitText("\"status_if_new\" : \"pending\"");
        screen.picture("fix-preview");
        assertThat(screen.errors()).isEmpty();
    }

    @Test
    void aWriteInDoubtIsSettled() {
        String run = hub.doubted("doubt-1");
        login();
        open("/runs/" + run);
        screen.awaitText("no answer came");
        screen.picture("run-in-doubt");
        chrome.findElement(By.cssSelector("input[value=done]")).click();
        chrome.findElement(By.id("settle-why")).sendKeys("Slack shows it" + Keys.ENTER);

        screen.awaitText("● done");
        screen.awaitText("Slack shows it");
    }

    @Test
    void aParkedConnectionIsResumedAndItsRunGoesOn() {
        hub.hub().simulator().fault("mailchimp", Fault.status(401).times(1));
        hub.contact("locked-out", "subscribed");
        login();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            open("/connections");
            return chrome.findElement(By.tagName("main")).getText().contains("✕ parked");
        });
        screen.picture("connection-parked");
        chrome.findElement(By.cssSelector("form[action='/connections/mailchimp/resume'] input[name=why]"))
                .sendKeys("the key is valid again" + Keys.ENTER);

        hub.ends("locked-out", "done");
        open("/connections");
        screen.awaitText("Last success");
        assertThat(chrome.findElement(By.tagName("main")).getText()).doesNotContain("✕ parked");
    }

    @Test
    void fiveHundredThatFailedAlikeAreMendedByOnePatch() {
        for (int i = 0; i < 500; i++) {
            hub.contact("alike-" + i, "nonsence");
        }
        await().atMost(Duration.ofSeconds(120)).until(() -> hub.hub()
                .column("SELECT count(*) FROM open_run JOIN event ON event.id = event_id"
                        + " WHERE state = 'dead' AND record LIKE 'contact:alike-%'")
                .equals(List.of("500")));
        login();
        open("/dead-letters/fix?flow=enrol-contact&step=enrol&state=dead");
        screen.awaitText("Mend them");
        chrome.findElement(By.id("patch"))
                .sendKeys("[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]");
        chrome.findElement(By.cssSelector("button[value=try]")).click();
        screen.awaitText("Tried out: 50");
        screen.picture("fix-500-tried");
        chrome.findElement(By.id("why")).sendKeys("a status that exists");
        chrome.findElement(By.cssSelector("button[value=resume]")).click();
        screen.awaitText(" resumed");

        await().atMost(Duration.ofSeconds(120)).until(() -> hub.hub()
                .column("SELECT count(*) FROM done_run JOIN event ON event.id = event_id"
                        + " WHERE record LIKE 'contact:alike-%'")
                .equals(List.of("500")));
        open("/");
        screen.picture("overview-after-500");
    }

    private static void open(String path) {
        chrome.get(hub.hub().url(path));
    }

    private static void login() {
        chrome.findElement(By.id("token")).sendKeys(hub.token(Role.OPERATOR));
        screen.picture("login");
        chrome.findElement(By.tagName("button")).click();
        screen.awaitText("Overview");
    }
}
