package dev.serai.cli.suite;

import dev.serai.connector.webhook.Incoming;
import dev.serai.connector.webhook.Malformed;
import dev.serai.connector.webhook.RawRequest;
import dev.serai.connector.webhook.Webhooks;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a system sends, by its samples: cut into the events it should be, and not let in unsigned. */
final class WebhookCheck {
    /** A key of the form Standard Webhooks ask for, which all other schemes take as well. */
    private static final String SECRET = "whsec_c2VyYWktY29ubmVjdG9yLXRlc3Qta2V5";

    static final String OURS = "the sample is our own, by the documentation or by less";

    private final Webhooks door;
    private final boolean signed;
    private final Path folder;
    private final Library library;

    WebhookCheck(Yaml section, Path folder, Library library) {
        var problems = new Problems();
        this.door = Webhooks.read(
                        section,
                        setting -> setting.contains("previous") ? Optional.empty() : Optional.of(SECRET),
                        problems)
                .orElseThrow(() -> new dev.serai.file.FileRefused(problems.all()));
        this.signed = !section.get("signature")
                .flatMap(at -> at.text("scheme"))
                .orElse("")
                .equals("none");
        this.folder = folder;
        this.library = library;
    }

    Finding sample(Yaml example) {
        Map<String, String> headers = Examples.texts(example.get("headers"));
        byte[] body = Examples.sample(folder, example.text("sample").orElseThrow());
        var request = new RawRequest("POST", "https://hub.example/webhooks/" + folder.getFileName(), headers, body);
        if (signed && door.verify(request, Bench.NOON).accepted()) {
            return Finding.failed("it is let in without a signature");
        }
        List<String> expected = example.get("types").orElseThrow().items().stream()
                .map(Yaml::text)
                .toList();
        try {
            List<Incoming> events = door.events(request);
            List<String> types = events.stream().map(Incoming::type).toList();
            var reader = new Reader(library, example.text(Examples.READ_BY));
            return types.equals(expected)
                    ? events.stream()
                            .flatMap(event -> reader.problem(event.payload()).stream())
                            .findFirst()
                            .map(Finding::failed)
                            .orElse(fine(example))
                    : Finding.failed("it becomes " + types + ", expected " + expected);
        } catch (Malformed e) {
            return Finding.failed("its events can't be read: " + e.getMessage());
        }
    }

    /** What we wrote ourselves proves that file and sample agree, and not that the vendor sends it so. */
    private static Finding fine(Yaml example) {
        return example.get("ours").filter(ours -> ours.json().asBoolean()).isPresent()
                ? Finding.unverified(OURS)
                : Finding.OK;
    }
}
