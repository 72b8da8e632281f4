package dev.serai.cli.scaffold;

import java.util.Set;

/**
 * How the settings of a system are called: {@code acme.base-url}.
 *
 * @param system its name
 */
record SettingNames(String system) {
    /** What every connector file calls so. */
    private static final Set<String> OURS =
            Set.of("base-url", "login-url", "consent-url", "token", "user", "password", "client-id", "client-secret");

    String name(String what) {
        return system + "." + OpenApi.snake(what).replace('_', '-');
    }

    String text(String what) {
        return "{{" + name(what) + "}}";
    }

    String text(String what, String usual) {
        return "{{" + name(what) + ":" + usual + "}}";
    }

    /** One that is called like none of ours. */
    String freeName(String what) {
        String name = name(what);
        return OURS.contains(name.substring(system.length() + 1)) ? name + "-value" : name;
    }

    String free(String what) {
        return "{{" + freeName(what) + "}}";
    }

    /** An address whose variables {@code {shop}} are settings. */
    String settled(String address) {
        var places = Operations.PLACE.matcher(address);
        return places.replaceAll(place -> java.util.regex.Matcher.quoteReplacement(text(place.group(1))));
    }
}
