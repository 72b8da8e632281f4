package dev.serai.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file that goes wrong holds up no other, and its last good version stays. */
class LibraryFolderTest {
    private static final String SHOP =
            "connector: shop\nbase_url: https://%s.example\nreads: { order: { path: /o } }\n";

    @TempDir
    private Path folder;

    private LibraryFolder library;

    @BeforeEach
    void aFolderOfTwoSystems() throws IOException {
        library = new LibraryFolder(folder, name -> {
            if (name.equals("shop.list")) {
                throw new IllegalStateException("the vault is locked");
            }
            return Optional.empty();
        });
        write("crm/connector.yaml", SHOP.formatted("one").replace("shop", "crm"));
        write("shop/connector.yaml", SHOP.formatted("one"));
        assertThat(library.reload().problems()).isEmpty();
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    private String shown(String file) {
        return folder.getFileName() + "/" + file;
    }

    private String address(String system) {
        return library.current().connectors().get(system).address();
    }

    @Test
    void aNumberNobodyCanHoldIsThatFilesProblemAlone() throws IOException {
        write("crm/connector.yaml", SHOP.formatted("4e").replace("shop", "crm") + "timeout: 4e56789012345\n");
        write("shop/connector.yaml", SHOP.formatted("two"));

        LibraryFolder.Reload reload = library.reload();

        assertThat(reload.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        shown("crm/connector.yaml") + ":4:10: without quotes \"4e56789012345\" is a number, and one"
                                + " that nothing can hold; if it is text, put it in quotes");
        assertThat(address("crm")).isEqualTo("https://one.example");
        assertThat(address("shop")).isEqualTo("https://two.example");
        assertThat(library.reload().problems()).as("it is told once").isEmpty();
    }

    @Test
    void whateverElseGoesWrongWithAFileIsItsProblemAlone() throws IOException {
        write("crm/contact-to-member.yaml", """
                mapping: crm/contact-to-member
                from: any
                parameters: { list: { default: "{{shop.list}}" } }
                fields: { list: { text: "{list}" } }
                tests: [ { name: t, parameters: { list: a }, given: { a: 1 }, expect: { list: a } } ]
                """);
        write("shop/connector.yaml", SHOP.formatted("two"));

        assertThat(library.reload().problems())
                .extracting(Problem::toString)
                .containsExactly(shown("crm/contact-to-member.yaml")
                        + ": can't be taken: java.lang.IllegalStateException: the vault is locked");
        assertThat(address("shop")).isEqualTo("https://two.example");
    }

    @Test
    void aFileThatIsSavedInAnotherEncodingLeavesItsLastGoodVersion() throws IOException {
        Files.write(folder.resolve("crm/connector.yaml"), new byte[] {'a', ':', (byte) 0xe4});
        write("shop/connector.yaml", SHOP.formatted("two"));

        LibraryFolder.Reload reload = library.reload();

        assertThat(reload.problems())
                .extracting(Problem::toString)
                .containsExactly(shown("crm/connector.yaml") + ": the file is not UTF-8");
        assertThat(address("crm")).isEqualTo("https://one.example");
        assertThat(address("shop")).isEqualTo("https://two.example");
    }
}
