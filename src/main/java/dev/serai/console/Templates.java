package dev.serai.console;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;

/**
 * The pages, {@code src/main/resources/console/*.html}. Every value is escaped unless its filter says that it has done so; a
 * name that is not there is a fault, not an empty place.
 */
final class Templates {
    private final PebbleEngine engine;

    Templates(InstantSource clock) {
        var loader = new ClasspathLoader(Templates.class.getClassLoader());
        loader.setPrefix("console");
        loader.setSuffix(".html");
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .strictVariables(true)
                .extension(new Filters(clock))
                .build();
    }

    String render(String page, Map<String, Object> facts) {
        var html = new StringWriter();
        try {
            engine.getTemplate(page).evaluate(html, facts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return html.toString();
    }
}
