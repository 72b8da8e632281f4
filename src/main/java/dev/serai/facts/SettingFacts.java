package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What is told of the settings this hub started with. Secrets are never told, wherever they stand. */
public final class SettingFacts {
    private static final String HIDDEN = "…";
    /** A password may stand in the address of a database or a proxy. */
    private static final Pattern IN_ADDRESS =
            Pattern.compile("(?<=://)[^/@\\s]*@|(?i)(?<=[?&](?:password|user)=)[^&]*");

    private SettingFacts() {}

    /** Of a list as {@link #list} tells it. */
    static String value(ArrayNode list, Setting setting) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(each -> each.path("setting").asText().equals(setting.key()))
                .map(each -> each.path("value").asText())
                .findFirst()
                .orElseThrow();
    }

    public static ArrayNode list(Settings settings) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Setting setting : Setting.values()) {
            String value = settings.text(setting);
            boolean hidden = setting.secret() && !value.isEmpty();
            list.addObject()
                    .put("setting", setting.key())
                    .put("value", hidden ? HIDDEN : IN_ADDRESS.matcher(value).replaceAll(HIDDEN))
                    .put("secret", setting.secret())
                    .put("from", settings.origin(setting))
                    .put("default", setting.byDefault())
                    .put("meaning", setting.meaning());
        }
        return list;
    }
}
