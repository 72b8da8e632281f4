package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.file.FileRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VendorFileTest {
    private static final String SLACK = """
            vendor: slack
            base: /api
            auth: { secret: s, schemes: [ { type: bearer } ] }
            errors: { body: '{"ok": false}' }
            collections: { messages: { key: .ts } }
            operations:
            """;

    @Test
    void anOperationTheContractDoesNotHaveIsRefusedAtItsLine() {
        assertRefused(
                "  auth_tset: { answer: '1' }\n",
                "slack.yaml:7:3: \"auth_tset\" is no operation of the contract; did you mean \"auth_test\"?");
    }

    @Test
    void aCollectionNobodyDeclaredIsRefused() {
        assertRefused(
                "  auth_test: { does: list, collection: mesages }\n",
                "slack.yaml:7:40: \"mesages\" is no collection of this file; did you mean \"messages\"?");
    }

    @Test
    void aBrokenExpressionIsRefusedAtItsLine() {
        assertThatThrownBy(() -> load("  auth_test:\n    answer: '{\"ok\": tru'\n"))
                .isInstanceOf(FileRefused.class)
                .hasMessageStartingWith("slack.yaml:8:13: ");
    }

    @Test
    void anUnknownMemberIsRefusedWithTheRightName() {
        assertRefused(
                "  auth_test: { anwser: '1' }\n",
                "slack.yaml:7:16: \"anwser\" is not known under \"operations.auth_test\"; did you mean \"answer\"?");
    }

    @Test
    void aSignatureOfWhichNobodyKnowsWhatItSignsIsRefused() {
        String file = SLACK.replace("{ type: bearer }", "{ type: hmac, header: X-Sig }");

        assertThatThrownBy(() -> VendorFile.read("slack.yaml", file + "  auth_test: { answer: '1' }\n", new Store()))
                .isInstanceOf(FileRefused.class)
                .hasMessageStartingWith("slack.yaml:3:31: \"auth.schemes.0\" lacks \"signs\"");
    }

    @Test
    void anOperationMayBeLikeAnother() {
        var behaviours = load("  auth_test: { answer: '1' }\n  conversations_list: { like: auth_test }\n");

        assertThat(behaviours).containsOnlyKeys("auth_test", "conversations_list");
    }

    @Test
    void theExampleOfTheReadmeIsAVendor() throws Exception {
        String readme = Files.readString(Path.of("docs/systems.md"));
        String example = readme.substring(readme.indexOf("```text") + 8, readme.lastIndexOf("```"));
        var contract = new Contract();
        contract.add(
                Json.parse("{\"paths\":{\"/people/{email}\":{\"put\":{\"operationId\":\"putPerson\"}}}}"),
                "",
                new OpenApiSchemas(true));
        var store = new Store();

        assertThat(VendorFile.read("tally.yaml", example, store).behaviours(contract, store))
                .containsOnlyKeys("putPerson");
    }

    private static void assertRefused(String operations, String message) {
        assertThatThrownBy(() -> load(operations))
                .isInstanceOf(FileRefused.class)
                .hasMessage(message);
    }

    private static java.util.Map<String, Behaviour> load(String operations) {
        var store = new Store();
        var file = VendorFile.read("slack.yaml", SLACK + operations, store);
        return file.behaviours(file.contract(Contract.document(Path.of("mappings/slack"))), store);
    }
}
