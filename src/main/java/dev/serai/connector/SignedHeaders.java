package dev.serai.connector;

import dev.serai.connector.Operation.Single;
import dev.serai.connector.Operation.Write;
import dev.serai.connector.auth.Hmac;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Notes a header that {@code auth.signs} is over and a request of the file would not have: it could never be sent. */
final class SignedHeaders {
    private SignedHeaders() {}

    static void check(Yaml root, Connector.Reach reach, Map<String, Operation> operations, Problems problems) {
        if (!(reach.auth() instanceof Hmac hmac)) {
            return;
        }
        Yaml signs = root.get("auth").flatMap(auth -> auth.get("signs")).orElse(root);
        for (String name : hmac.signedHeaders()) {
            operations.values().stream()
                    .filter(operation -> operation instanceof Single single && !has(single, name, reach))
                    .findFirst()
                    .ifPresent(operation -> problems.add(
                            signs,
                            "\"auth.signs\" has {header." + name + "}, and a request of \"" + operation.name()
                                    + "\" has no such header; "
                                    + hmac.placeOf(name)
                                            .map(place -> "write {" + place + "}")
                                            .orElse("write it under \"headers\", or take it out of \"auth.signs\"")));
        }
    }

    private static boolean has(Single operation, String name, Connector.Reach reach) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(Requests.ALWAYS);
        names.addAll(reach.headers().keySet());
        names.addAll(operation.call().headers().keySet());
        if (hasBody(operation)) {
            names.add("Content-Type");
        }
        if (operation instanceof Write write && write.repeat().writeClass() == WriteClass.KEYED) {
            names.add(write.repeat().key().header());
        }
        return names.contains(name);
    }

    private static boolean hasBody(Single operation) {
        return operation instanceof Write write
                ? write.payload().body().encoding() != Body.Encoding.NONE
                : operation.call().body().isPresent()
                        || !operation.call().graphql().isEmpty();
    }
}
