package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A log-in of a vendor's own: whether it is right, and what it answers, are expressions of the vendor's file. */
final class LogIn {
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final Expression right;
    private final Expression answer;
    private final Assertions assertions;

    /** @param session of a vendor's file */
    LogIn(Yaml session, Expressions expressions, Assertions assertions) {
        this.right = expressions.compile(session.get("right").orElseThrow());
        this.answer = expressions.compile(session.get("answer").orElseThrow());
        this.assertions = assertions;
    }

    /** @throws Refusal of kind {@code bad_credential} that says why, where it is known */
    void check(Attempt attempt, Map<String, JsonNode> variables) {
        String why = "the log-in is not right";
        var all = new HashMap<>(variables);
        all.put("body", body(attempt.asked()));
        all.put("secret", Json.MAKE.textNode(attempt.known().secret()));
        all.put("client", Json.MAKE.textNode(attempt.known().client()));
        all.put("assertion", NullNode.getInstance());
        var jwt = JWT.matcher(
                attempt.asked().header("Authorization") + " " + attempt.asked().body());
        if (jwt.find()) {
            try {
                all.put(
                        "assertion",
                        Json.parse(assertions.check(jwt.group(), attempt).toString()));
            } catch (Refusal e) {
                why = e.getMessage();
            }
        }
        JsonNode said = right.apply(all, NullNode.getInstance());
        if (said.isContainerNode() ? said.isEmpty() : !said.asBoolean()) {
            throw Scheme.wrong(why);
        }
    }

    private static JsonNode body(Asked asked) {
        if (!asked.mediaType().equals("application/x-www-form-urlencoded")) {
            return Json.parse(asked.body());
        }
        ObjectNode form = Json.MAKE.objectNode();
        Asked.pairs(asked.body()).forEach(pair -> form.put(pair.getKey(), pair.getValue()));
        return form;
    }

    Answer answer(String token, Duration life, Attempt attempt, Map<String, JsonNode> variables) {
        var all = new HashMap<>(variables);
        all.put("token", Json.MAKE.textNode(token));
        all.put("seconds", Json.MAKE.numberNode(life.toSeconds()));
        all.put("until", Expressions.instant(attempt.now().plus(life)));
        return Answer.json(200, answer.apply(all, NullNode.getInstance()));
    }

    void reset() {
        assertions.reset();
    }
}
