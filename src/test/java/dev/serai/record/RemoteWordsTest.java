package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of whom a remote speaks is not told where nobody can tell. */
class RemoteWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            hubspot answered 409: Contact Ada exists; mend it            | hubspot answered 409: …
            3 runs of f failed alike at s: a answered N: ada is gone     | 3 runs of f failed alike at s: a answered N: …
            slack answered 400: invalid_auth                             | slack answered 400: invalid_auth
            slack answered 400: invalid_auth; renew the credential       | slack answered 400: invalid_auth …
            slack answered 400: ada_lovelace is gone                     | slack answered 400: …
            slack answered 400: ada_lovelace.                            | slack answered 400: …
            slack answered 401; renew the credential                     | slack answered 401; renew the credential
            brevo answered 200 and refused this record: Ada              | brevo answered 200 and refused this record: …
            salesforce accepted it, and then: Failed: Ada                | salesforce accepted it, and then: …
            crm gave no token: answered 400: Ada                         | crm gave no token: answered 400: …
            email: is missing                                            | email: is missing
            ~~                                                           | ~~
            """)
    void whatItSaidIsLeftOut(String text, String seen) {
        assertThat(RemoteWords.leftOut(text)).isEqualTo(seen);
    }

    @Test
    void eachLineOfAReportKeepsItsBeginning() {
        assertThat(RemoteWords.leftOut("- a answered N: Ada\n- b answered N: Grace\n- c"))
                .isEqualTo("- a answered N: …\n- b answered N: …\n- c");
    }
}
