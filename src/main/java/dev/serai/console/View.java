package dev.serai.console;

import dev.serai.api.Role;
import java.util.HashMap;
import java.util.Map;

/** What a page works with: the API as the visitor may use it, and the templates. */
record View(Facts facts, Templates templates, String proof) {

    Reply page(String template, Map<String, Object> values) {
        return page(200, template, values);
    }

    Reply page(int status, String template, Map<String, Object> values) {
        var all = new HashMap<>(values);
        all.put("who", facts.caller().name());
        all.put("role", facts.caller().role().word());
        all.put("operates", facts.operates());
        all.put("administers", facts.caller().role().allows(Role.ADMIN));
        all.put("proof", proof);
        all.put("page", template);
        all.put(
                "menu",
                Menu.ALL.stream()
                        .filter(entry -> facts.caller().role().allows(entry.role()))
                        .toList());
        return Reply.page(status, templates.render(template, all));
    }
}
