package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A person in front of a real browser. */
final class Screen implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_TABS = 60;

    private final ChromeDriver chrome;

    Screen() {
        chrome = Chromium.start();
    }

    ChromeDriver chrome() {
        return chrome;
    }

    void awaitText(String text) {
        await(() -> chrome.findElement(By.tagName("main")).getText().contains(text));
    }

    void awaitTitle(String title) {
        await(() -> chrome.getTitle().equals(title));
    }

    /** While a page is loaded anew its elements are gone for a moment. */
    void await(Callable<Boolean> condition) {
        org.awaitility.Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(condition);
    }

    /** The element that has the keyboard. */
    WebElement focused() {
        return chrome.switchTo().activeElement();
    }

    void send(CharSequence keys) {
        focused().sendKeys(keys);
    }

    /** Goes on by keyboard to what reads so, and sees where it is. */
    void tabTo(String text) {
        for (int i = 0; i < MOST_TABS && !focused().getText().equals(text); i++) {
            send(Keys.TAB);
        }
        assertThat(focused().getText()).isEqualTo(text);
        assertThat(chrome.executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    void tabToId(String id) {
        for (int i = 0; i < MOST_TABS && !id.equals(focused().getDomAttribute("id")); i++) {
            send(Keys.TAB);
        }
        assertThat(focused().getDomAttribute("id")).isEqualTo(id);
    }

    void emulate(int width, String scheme) {
        chrome.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        chrome.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Of the page, in pixels. */
    long width() {
        return (Long) chrome.executeScript("return document.documentElement.scrollWidth");
    }

    /** What the browser refused or could not do: a policy broken, a script that failed. */
    List<String> errors() {
        return chrome.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Leaves a picture for people to look at, when {@code SCREENSHOTS} names a folder. */
    void picture(String name) {
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

    @Override
    public void close() {
        chrome.quit();
    }
}
