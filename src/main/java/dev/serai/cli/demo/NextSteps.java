package dev.serai.cli.demo;

import dev.serai.cli.Paint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** What to try while the demo stays up. */
record NextSteps(DemoHub hub, PrintStream out, Paint paint) {

    /** @param deadLetter the run to mend and resume */
    void print(Optional<String> deadLetter) throws SQLException {
        Path data = hub.folder().path();
        String simulator = "http://127.0.0.1:" + hub.simulator().port() + "/_simulator";
        out.println();
        out.println(paint.bold("It stays up until Ctrl-C. Look around in the console:"));
        out.println("   " + hub.url() + "/");
        out.println("   token, good for a day: " + hub.token());
        out.println();
        out.println(paint.bold("In another terminal, try:"));
        block("what happened", "./serai runs list --data " + data);
        block("what Mailchimp knows now", "curl " + simulator + "/records/mailchimp/members");
        deadLetter.ifPresent(run -> {
            block("why a lead was not served", "./serai dead-letters show " + run + " --data " + data);
            block(
                    "give it an address in HubSpot, then let the run go on",
                    "curl -d '[{\"id\":\"124\",\"properties\":{\"email\":\"sam@example.com\"}}]' \\",
                    "  " + simulator + "/records/hubspot/contacts",
                    "./serai dead-letters resume " + run + " --data " + data + " --why 'has an address'");
        });
        block(
                "let Mailchimp fail twice",
                "curl -d '{\"vendor\":\"mailchimp\",\"fault\":\"status\",\"status\":503,\"times\":2}' \\",
                "  " + simulator + "/faults");
        block(
                "send an event of your own",
                "KEY=$(sed -n 's/^serai.api.key=//p' " + data + "/serai.properties)",
                "curl -H \"Authorization: Bearer $KEY\" " + hub.url() + "/v1/events/customer.converted \\",
                "  -d '{\"event_id\":\"my-1\",\"occurred_at\":\"2026-01-01T00:00:00Z\",\"source\":\"me\",",
                "       \"customer\":{\"email\":\"you@example.com\"}}'");
        out.println();
        out.println("   A flow is a file: copy one in " + hub.setting("serai.routes", "routes")
                + "/, give it and its steps other ids, save. It is live in a second.");
        out.println("   Mappings, each with its tests: " + hub.setting("serai.mappings", "mappings")
                + "/. Check both with ./serai lint.");
        out.println("   Settings and made-up secrets: " + data + "/serai.properties. Log: "
                + hub.folder().log());
        out.flush();
    }

    private void block(String what, String... lines) {
        out.println();
        out.println("   " + paint.dim("# " + what));
        for (String line : lines) {
            out.println("   " + line);
        }
    }
}
