package dev.serai.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Path NONE = Path.of("none");

    @Test
    void everyProblemIsSaidAtOnceWithWhatWasMeantAndNoSecretIsQuoted() {
        assertThatThrownBy(() -> Settings.read(
                        NONE,
                        Map.of("SERAI_RUN_LEESE", "5s", "PATH", "/bin"),
                        Map.of(
                                "serai.run.threads", "many",
                                "serai.intake.queu", "5",
                                "serai.retry.first", "soon",
                                "serai.api.key", "short-secret",
                                "mailchimp.api-key", "anything")))
                .isInstanceOf(SettingsRefused.class)
                .hasMessage("""
                        Can't start: 5 settings are wrong.
                          serai.intake.queu: no such setting; did you mean "serai.intake.queue"?
                          SERAI_RUN_LEESE: no such setting; did you mean "SERAI_RUN_LEASE"?
                          serai.retry.first = "soon": a duration such as 500ms, 30s, 5m, 2h is needed (default 1m)
                          serai.run.threads = "many": a whole number from 1 to 1000000 is needed (default 16)
                          serai.api.key: has 12 characters; at least 16 are needed (try: openssl rand -hex 32)""");
    }

    @Test
    void whatIsSaidOfAnIssuerWorksTogetherOrIsRefused() {
        assertThatThrownBy(() -> Settings.read(
                        NONE,
                        Map.of("SERAI_OIDC_CLIENT_SECRET", "not-to-be-seen"),
                        Map.of("serai.oidc.client-id", "hub", "serai.oidc.admins", "ops")))
                .hasMessage("""
                        Can't start: 3 settings are wrong.
                          serai.oidc.client-id: is given without serai.oidc.issuer; give both or neither
                          serai.oidc.client-secret: is given without serai.oidc.issuer; give both or neither
                          serai.oidc.admins: is given without serai.oidc.issuer; give both or neither""");
        assertThatThrownBy(() -> Settings.read(
                        NONE,
                        Map.of(),
                        Map.of(
                                "serai.oidc.issuer", "http://sso.example.com",
                                "serai.oidc.scopes", "email",
                                "serai.oidc.session", "30d",
                                "serai.oidc.roles-claim", "preferred_username",
                                "serai.http.public-url", "http://hub.example.com")))
                .hasMessageContainingAll(
                        "7 settings are wrong",
                        "serai.oidc.issuer = \"http://sso.example.com\": an address with https is needed",
                        "serai.oidc.client-id: is missing",
                        "serai.oidc.viewers, serai.oidc.operators, serai.oidc.admins: one at least is needed",
                        "serai.oidc.scopes = \"email\": openid has to be among them",
                        "serai.oidc.roles-claim = \"preferred_username\": a claim that people can't change themselves",
                        "serai.oidc.session = \"30d\": 1m to 24h are possible",
                        "serai.http.public-url = \"http://hub.example.com\": an address with https is needed");
        var good = Map.of(
                "serai.oidc.client-id",
                "hub",
                "serai.oidc.admins",
                "ops",
                "serai.oidc.issuer",
                "https://sso.example.com");
        Settings.read(NONE, Map.of(), good);
        assertThatThrownBy(() -> Settings.read(NONE, Map.of("SERAI_HTTP_HOST", "0.0.0.0"), good))
                .hasMessageContaining("serai.http.public-url: is missing; the issuer sends people back to it");
        for (String issuer : java.util.List.of(
                "https://", "https://a@b.example", "https://b.example?x=1", "http://127.0.0.1.evil.example", "sso")) {
            assertThatThrownBy(() -> Settings.read(NONE, Map.of("SERAI_OIDC_ISSUER", issuer), Map.of()))
                    .as(issuer)
                    .hasMessageContaining("serai.oidc.issuer = \"" + issuer + "\"");
        }
    }

    @Test
    void proxiesAreAddressesOrNetworksAndNoNames() {
        for (String good : java.util.List.of("", "10.0.0.5", "10.0.0.5, 10.1.0.0/16", "fd00::/8,::1")) {
            Settings.read(NONE, Map.of(), Map.of("serai.http.trusted-proxies", good));
        }
        for (String bad :
                java.util.List.of("proxy.example", "10.0.0", "10.0.0.5/33", "10.0.0.5/", "10.0.0.256", ",", "::1/x")) {
            assertThatThrownBy(() -> Settings.read(NONE, Map.of(), Map.of("serai.http.trusted-proxies", bad)))
                    .as(bad)
                    .hasMessageContaining("serai.http.trusted-proxies = \"" + bad
                            + "\": a list of addresses and networks such as 10.0.0.5, 10.1.0.0/16 is needed");
        }
    }

    @Test
    void flagsWinOverTheEnvironmentThatOverTheFileThatOverTheDefaults(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("serai.properties"), """
                serai.run.threads=1
                serai.run.in-flight = 2
                serai.http.port=3
                lists.de=file
                """);

        var settings = Settings.read(
                file,
                Map.of("SERAI_RUN_THREADS", "4", "SERAI_RUN_IN_FLIGHT", "5", "LISTS_DE", "environment"),
                Map.of("serai.run.threads", "6"));

        assertThat(settings.number(Setting.RUN_THREADS)).isEqualTo(6);
        assertThat(settings.number(Setting.RUN_IN_FLIGHT)).isEqualTo(5);
        assertThat(settings.number(Setting.HTTP_PORT)).isEqualTo(3);
        assertThat(settings.text(Setting.RUN_MAX_CLAIMS)).isEqualTo(Setting.RUN_MAX_CLAIMS.byDefault());
        assertThat(settings.lookup("lists.de")).contains("environment");
        assertThat(settings.lookup("lists.fr")).isEmpty();
    }

    @Test
    void whatKubernetesTellsOfAServiceNamedSeraiIsNoSetting() {
        var told = Map.of(
                "SERAI_SERVICE_HOST", "10.0.0.7",
                "SERAI_SERVICE_PORT_HTTP", "8080",
                "SERAI_PORT", "tcp://10.0.0.7:8080",
                "SERAI_PORT_8080_TCP_ADDR", "10.0.0.7");

        assertThat(Settings.read(NONE, told, Map.of()).number(Setting.HTTP_PORT))
                .isEqualTo(8080);
    }

    @Test
    void aWrongSecretIsNotQuotedAndEveryDefaultIsGood() {
        Settings.read(NONE, Map.of(), Map.of());
        for (Setting setting : Setting.values()) {
            assertThat(setting.accepts(setting.byDefault())).as(setting.key()).isTrue();
            assertThat(setting.meaning()).endsWith(".");
        }
    }

    @Test
    void aFileThatPropertiesCannotReadIsRefusedInWords(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("serai.properties"), "serai.data=C:\\users\\ada\n");

        assertThatThrownBy(() -> Settings.read(file, Map.of(), Map.of()))
                .isInstanceOf(SettingsRefused.class)
                .hasMessageContaining("serai.properties")
                .hasMessageContaining("\\\\");
    }

    @Test
    void aSecretMayBeAFileAsContainersMountIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("shop.api-key"), "from-a-file\n");
        Files.writeString(folder.resolve("SHOP_TOKEN"), "by-its-other-name");
        Files.writeString(folder.resolve("shop.both"), "file");
        var settings = Settings.read(
                Path.of("none"), Map.of("SERAI_SECRETS_DIR", folder.toString(), "SHOP_BOTH", "environment"), Map.of());
        assertThat(settings.lookup("shop.api-key")).contains("from-a-file");
        assertThat(settings.lookup("shop.token")).contains("by-its-other-name");
        assertThat(settings.lookup("shop.both")).contains("environment");
        assertThat(settings.lookup("shop.none")).isEmpty();

        Files.writeString(folder.resolve("shop.api-key"), "changed");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> settings.lookup("shop.api-key").equals(Optional.of("changed")));
        assertThatThrownBy(
                        () -> Settings.read(Path.of("none"), Map.of(), Map.of("serai.secrets.dir", "no-such-folder")))
                .isInstanceOf(SettingsRefused.class)
                .hasMessageContaining(
                        "serai.secrets.dir = \"no-such-folder\": the folder or a file in it can't be read");
    }
}
