package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.api.Role;
import dev.serai.simulator.Fault;
import dev.serai.store.FlowSwitches.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

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
            "/streams",
            "/drift",
            "/settings",
            "/mappings",
            "/mappings/mailchimp/contact-to-member",
            "/audit");

    @TempDir
    private static Path folder;

    private static ConsoleHub hub;
    private static ChromeDriver chrome;

    /** All pages, of a contact whose run is dead. */
    private static List<String> pages(String contact) {
        String run = hub.dead(contact);
        var pages = new ArrayList<>(PAGES);
        pages.addAll(List.of("/runs/" + run + "?payload=show", "/alerts", "/runbooks/validation"));
        pages.add("/search?q=" + contact + "%40example.com");
        pages.add("/why?who=" + contact + "%40example.com&field=email_address");
        await().atMost(Duration.ofSeconds(40)).until(() -> !alerts().isEmpty());
        pages.add("/alerts/" + alerts().get(0));
        return pages;
    }

    private static List<String> alerts() {
        return hub.hub().column("SELECT name FROM alert WHERE state = 'open' AND signal = 'repeated_pattern'");
    }

    @BeforeAll
    static void start() throws SQLException {
        chrome = Chromium.start(folder.resolve("profile"));
        hub = new ConsoleHub(folder.resolve("hub"));
        hub.contact("fine", "subscribed");
        hub.ends("fine", "done");
    }

    @AfterAll
    static void stop() {
        if (chrome != null) {
            chrome.quit();
        }
        if (hub != null) {
            hub.close();
        }
    }

    @BeforeEach
    void loggedOut() {
        emulate(1280, "light");
        chrome.manage().deleteAllCookies();
        open("/");
    }

    @Test
    void aPersonLogsInFindsADeadLetterReadsWhyCorrectsItAndSeesItSucceed() {
        String run = hub.dead("ada");
        login();
        chrome.findElement(By.cssSelector("h2 ~ .scroll tbody a")).click();
        awaitText("Dead letters alike");
        picture("fix");
        chrome.findElement(By.linkText(run)).click();
        awaitText("A person has to act");
        picture("run-dead");
        chrome.findElement(By.linkText("Correct the payload first")).click();
        var payload = chrome.findElement(By.id("payload"));
        String corrected = payload.getDomProperty("value").replace("nonsense", "subscribed");
        payload.clear();
        payload.sendKeys(corrected);
        chrome.findElement(By.id("why")).sendKeys("a status that exists");
        picture("run-correct");
        chrome.findElement(By.cssSelector("form[action$=resume] button")).click();

        // the page keeps itself fresh until the run has ended
        awaitText("● done");
        awaitText("a status that exists");
        picture("run-done");
        assertThat(errors()).isEmpty();
    }

    @Test
    void allOfItGoesByKeyboard() {
        String run = hub.dead("keys");
        chrome.switchTo().activeElement().sendKeys(hub.token(Role.OPERATOR) + Keys.ENTER);
        awaitText("Overview");
        chrome.findElement(By.tagName("body")).sendKeys(Keys.TAB);
        assertThat(focused()).isEqualTo("To the content");
        open("/audit");
        chrome.findElement(By.tagName("body")).sendKeys("/");
        assertThat(chrome.switchTo().activeElement().getDomAttribute("id")).isEqualTo("q");
        chrome.switchTo().activeElement().sendKeys("contact:keys" + Keys.ENTER);
        await().until(() -> chrome.getCurrentUrl().contains("q=contact"));
        tabTo(run);
        chrome.switchTo().activeElement().sendKeys(Keys.ENTER);
        awaitText("A person has to act");
        tabTo("Correct the payload first");
        tabToId("why");
        chrome.switchTo().activeElement().sendKeys("tried again" + Keys.ENTER);

        awaitText("a-operator: resume");
        hub.ends("keys", "dead");
    }

    @Test
    void noPageIsWiderThanASmallPhone() {
        List<String> pages = pages("phone-with-a-very-long-name-that-has-no-blank-in-it-at-all-and-goes-on");
        login();
        emulate(360, "light");
        for (String page : pages) {
            open(page);
            Object wide = chrome.executeScript("return document.documentElement.scrollWidth");
            assertThat((Long) wide).as(page).isLessThanOrEqualTo(360);
            picture("phone" + page.replaceAll("[/?=&]", "-"));
        }
        assertThat(errors()).isEmpty();
    }

    @Test
    void atNightItIsDark() {
        List<String> pages = pages("night");
        login();
        for (String page : pages) {
            open(page);
            picture("light" + page.replaceAll("[/?=&]", "-"));
        }
        Object day = chrome.executeScript("return getComputedStyle(document.documentElement).backgroundColor");
        emulate(1280, "dark");
        for (String page : pages) {
            open(page);
            picture("dark" + page.replaceAll("[/?=&]", "-"));
        }
        Object night = chrome.executeScript("return getComputedStyle(document.documentElement).backgroundColor");

        assertThat(day).isEqualTo("rgb(250, 250, 249)");
        assertThat(night).isEqualTo("rgb(22, 21, 20)");
    }

    @Test
    void aFlowIsPausedAndResumedByKeyboardAloneAndThePageFollows() {
        login();
        open("/flows/enrol-contact");
        tabToId("why");
        chrome.switchTo().activeElement().sendKeys("they move house" + Keys.TAB + Keys.ENTER);
        awaitText("‖ paused");
        await().until(() -> hub.hub().wiring().hub().flowState("enrol-contact") == State.PAUSED);
        hub.contact("while-paused", "subscribed");
        awaitText("1\n○ waiting");
        picture("flow-paused");
        tabToId("why");
        chrome.switchTo().activeElement().sendKeys("they are there" + Keys.TAB + Keys.ENTER);
        awaitText("● on");
        hub.ends("while-paused", "done");

        // nobody loads the page anew: the figure comes by itself
        awaitText("0\n○ waiting");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aWriteInDoubtIsSettled() {
        String run = hub.doubted("doubt-1");
        login();
        open("/runs/" + run);
        awaitText("no answer came");
        picture("run-in-doubt");
        chrome.findElement(By.cssSelector("input[value=done]")).click();
        chrome.findElement(By.id("settle-why")).sendKeys("Slack shows it" + Keys.ENTER);

        awaitText("● done");
        awaitText("Slack shows it");
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
        picture("connection-parked");
        chrome.findElement(By.cssSelector("form[action='/connections/mailchimp/resume'] input[name=why]"))
                .sendKeys("the key is valid again" + Keys.ENTER);

        hub.ends("locked-out", "done");
        open("/connections");
        awaitText("Every connection goes.");
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
        awaitText("Mend them");
        chrome.findElement(By.id("patch"))
                .sendKeys("[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]");
        chrome.findElement(By.cssSelector("button[value=try]")).click();
        awaitText("Tried out: 50");
        picture("fix-500-tried");
        chrome.findElement(By.id("why")).sendKeys("a status that exists");
        chrome.findElement(By.cssSelector("button[value=resume]")).click();
        awaitText(" resumed");

        await().atMost(Duration.ofSeconds(120)).until(() -> hub.hub()
                .column("SELECT count(*) FROM done_run JOIN event ON event.id = event_id"
                        + " WHERE record LIKE 'contact:alike-%'")
                .equals(List.of("500")));
        open("/");
        picture("overview-after-500");
    }

    private static void open(String path) {
        chrome.get(hub.hub().url(path));
    }

    private static void login() {
        chrome.findElement(By.id("token")).sendKeys(hub.token(Role.OPERATOR));
        picture("login");
        chrome.findElement(By.tagName("button")).click();
        awaitText("Overview");
    }

    private static void awaitText(String text) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> chrome.findElement(By.tagName("main")).getText().contains(text));
    }

    private static String focused() {
        return chrome.switchTo().activeElement().getText();
    }

    private static void tabTo(String text) {
        for (int i = 0; i < 40 && !focused().equals(text); i++) {
            chrome.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        assertThat(focused()).isEqualTo(text);
        assertThat(chrome.executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    private static void tabToId(String id) {
        for (int i = 0; i < 40 && !id.equals(chrome.switchTo().activeElement().getDomAttribute("id")); i++) {
            chrome.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        assertThat(chrome.switchTo().activeElement().getDomAttribute("id")).isEqualTo(id);
    }

    private static void emulate(int width, String scheme) {
        chrome.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        chrome.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What the browser refused or could not do: a policy broken, a script that failed. */
    private static List<String> errors() {
        return chrome.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    private static void picture(String name) {
        String folder = System.getenv("SCREENSHOTS");
        if (folder != null) {
            try {
                Files.write(
                        Files.createDirectories(Path.of(folder)).resolve(name + ".png"),
                        chrome.getScreenshotAs(OutputType.BYTES));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
