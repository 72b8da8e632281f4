package dev.serai.console;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The browser of this machine; none is ever downloaded. */
final class Chromium {
    private Chromium() {}

    /** With a profile of its own, which its driver takes away again. */
    static ChromeDriver start() {
        Path browser = found("CHROMIUM", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Path driver = found("CHROMEDRIVER", "/usr/bin/chromedriver");
        var options = new ChromeOptions();
        options.setBinary(browser.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,900");
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .withTimeout(Duration.ofMinutes(2))
                .build();
        var chrome = new ChromeDriver(service, options);
        chrome.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
        return chrome;
    }

    private static Path found(String variable, String... usual) {
        Stream<String> candidates =
                Stream.concat(Optional.ofNullable(System.getenv(variable)).stream(), Stream.of(usual));
        Optional<Path> file =
                candidates.map(Path::of).filter(Files::isExecutable).findFirst();
        if (file.isPresent()) {
            return file.get();
        }
        String missing = "THE CONSOLE IS NOT TESTED IN A BROWSER: there is no " + usual[0]
                + "; apt-get install chromium chromium-driver, or set " + variable + " to where it is";
        if ("required".equals(System.getenv("BROWSER_TESTS"))) {
            throw new AssertionError(missing);
        }
        System.err.println(missing);
        return abort(missing);
    }
}
