package dev.serai.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Owner;
import java.util.List;
import java.util.Locale;

/** What lies behind an alert and what helps, in a sentence each; the runbooks say more. */
final class Advice {
    /** Classes of errors that may pass by themselves. */
    private static final List<String> PASSING = List.of("rate-limit", "timeout", "network", "server");

    private Advice() {}

    static String owner(String errorClass) {
        Owner owner = errorClass.equals("system")
                ? Owner.SYSTEM
                : PASSING.contains(errorClass) ? Owner.TRANSIENT : Owner.CONFIG;
        return owner.name().toLowerCase(Locale.ROOT);
    }

    /** @param owner as {@link #owner} names it; empty gives empty */
    static String ownerInWords(String owner) {
        return switch (owner) {
            case "config" -> "config, so a person has to act";
            case "transient" -> "transient, so it passes by itself";
            case "system" -> "system, so it is for those who develop Serai";
            default -> owner;
        };
    }

    static String cause(Signal signal, String errorClass) {
        return switch (errorClass) {
            case "validation" -> "what the record holds does not fit: a mapping or the other side refuses it";
            case "not-found" -> "the record is not there any more, or under another id";
            case "conflict" -> "the other side has another version of it, or has it already";
            case "auth" -> "the credential lacks a right, or is refused";
            case "rate-limit" -> "the other side allows no more calls for now";
            case "timeout" -> "the other side took too long, again and again";
            case "network" -> "the other side can't be reached";
            case "server" -> "the other side fails";
            case "in-doubt" -> "a write was sent, no answer came, and it can't be looked up";
            case "system" -> "a fault of Serai";
            default -> signal.meaning();
        };
    }

    /** Whether letting runs go on can do harm, where no runs were looked at. */
    static String replay(Signal signal) {
        return switch (signal) {
            case BREAKER_OPEN, CONNECTION_PARKED, QUOTA_USED, CREDENTIAL_EXPIRING ->
                "not needed: what waits was not sent, and goes on by itself, each once";
            case LAG, QUEUE_DEPTH, CAPACITY, INTAKE_LATENCY, DISK, RATE_DROP, RATE_RISE ->
                "not needed: nothing has failed";
            case REQUESTS_REFUSED ->
                "not possible: nothing of what was refused is stored; have its sender send it again";
            case RECORDS_UNREADABLE ->
                "safe: set the stream back once its file is corrected; what was read before is recognised";
            case CONNECTION_FAILING -> "not needed by this: a run that failed meanwhile is told as that";
            case STREAM_GAP -> "not possible by this stream; have what changed then listed in another way";
            case DRIFT_FOUND -> "of what failed by it: safe once a mapping takes it; what succeeded is not sent again";
            case CANARY_ROLLED_BACK ->
                "safe: what failed goes on by the files as they are then; what succeeded is not sent again";
            default -> "";
        };
    }

    static String whatToDo(Signal signal, ObjectNode body) {
        String flow = body.path("flow").asText();
        return switch (signal) {
            case REPEATED_PATTERN -> pattern(body, flow);
            case DEAD_LETTERS, DEAD_LETTER_GROWTH, SUCCESS_RATIO ->
                "See what failed and why: serai dead-letters list --flow " + flow;
            case IN_DOUBT ->
                "Look at the other side, then say what you found: serai runs settle. See serai dead-letters list"
                        + " --flow " + flow;
            case LAG, QUEUE_DEPTH ->
                "See what holds it up: serai connections list, then serai runs list --state waiting --flow " + flow;
            case CAPACITY ->
                "Start another hub on the same database, or raise serai.run.in-flight and serai.run.threads.";
            case INTAKE_LATENCY -> "Look at the disk and the load of the database; the doors wait for its commits.";
            case DISK ->
                "Give history more room (serai.history.disk-gb), or keep it for less time (serai.history.keep).";
            case RATE_DROP, RATE_RISE ->
                "Ask whoever runs " + body.path("connection").asText()
                        + " whether that is meant; see what came: serai runs list --source "
                        + body.path("connection").asText();
            case REQUESTS_REFUSED ->
                "See why, and since when: serai sources. Then set what does not fit, the secret most often, before "
                        + body.path("connection").asText() + " gives up.";
            case CONNECTION_FAILING -> {
                String name = body.path("connection").asText();
                yield "Try it: serai connections check " + name
                        + ". If the other side is in trouble, wait: it is proved again"
                        + " by itself. Else correct what it says: its settings, the rights of its credential, its file.";
            }
            case RECORDS_UNREADABLE ->
                "The log says what each lacked, under stream.unreadable. Correct the connector file of "
                        + body.path("connection").asText() + ", then read the stream again: serai streams set";
            default -> "See the runbook.";
        };
    }

    private static String pattern(ObjectNode body, String flow) {
        String newest = body.path("newest").asText();
        if (newest.isEmpty()) {
            return "See what failed and why: serai dead-letters list --flow " + flow;
        }
        String cure = body.path("owner").asText().equals("transient")
                ? "When the other side is well again, let them go on"
                : "Mend the cause, then let them go on";
        String step = body.path("step").asText();
        return "Read one: serai runs show " + newest + ". " + cure + ": serai dead-letters resume --flow " + flow
                + (step.isEmpty() ? "" : " --step " + step) + " --why \"…\"";
    }
}
