package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.Connector;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemoteAccountTest {
    private final Map<String, String> settings = new HashMap<>(Map.of("shop.token", "t-1", "shop.account", "7"));
    private final Connector shop = Connector.read("f", "shop", """
            connector: shop
            base_url: "{{shop.base-url:https://shop.example}}"
            auth: { type: bearer, token: "{{shop.token}}" }
            reads: { ping: { path: "/accounts/{{shop.account}}/ping" } }
            """, name -> Optional.ofNullable(settings.get(name)));

    private RemoteAccount now() {
        return new RemoteAccount(shop, 1, "another-salt");
    }

    @Test
    void anAccountIsKnownByWhateverSaltAndGivesNothingAway() {
        String mark = new RemoteAccount(shop, 1, "salt").mark();

        assertThat(now().is(mark)).isTrue();
        assertThat(mark).matches("salt:[0-9a-f]{8}").isNotEqualTo(now().mark());
    }

    @Test
    void anotherCredentialAddressSettingOrConsentIsAnotherAccount() {
        String mark = now().mark();

        assertThat(new RemoteAccount(shop, 2, "salt").is(mark)).isFalse();
        for (String setting : new String[] {"shop.token", "shop.account", "shop.base-url"}) {
            String before = settings.put(setting, "https://other.example");
            assertThat(now().is(mark)).as(setting).isFalse();
            settings.put(setting, before);
        }
        assertThat(now().is(mark)).isTrue();
    }

    @Test
    void nobodysAccountIsNoneNotEvenItsOwn() {
        assertThat(now().is(null)).isFalse();
        assertThat(now().is("")).isFalse();
        assertThat(RemoteAccount.NOBODYS.is(RemoteAccount.NOBODYS.mark())).isFalse();
        assertThat(RemoteAccount.NOBODYS.is(now().mark())).isFalse();
    }
}
