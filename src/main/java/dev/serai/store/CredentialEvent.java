package dev.serai.store;

import java.util.Locale;

/** What becomes of a credential: a row of the audit, and one line of the log under a name that stays. */
public enum CredentialEvent {
    SECRET_SET("secret set", "a setting of a connection was kept encrypted"),
    SECRET_ENCRYPTED_ANEW("secret encrypted anew", "with another key of the store"),
    TOKEN_RENEWED("token renewed", "a hub got a token, the first or another"),
    TOKEN_REFUSED("token refused", "the vendor gave none, and only a person gets further"),
    TOKEN_ENCRYPTED_ANEW("token encrypted anew", "with another key of the store"),
    REFUSED("credential refused", "the vendor took it no more, and the connection is parked"),
    CHANGED("credential changed", "a connection has another one, and goes on if it was parked"),
    RESUMED("resume connection", "a person let a connection go on"),
    CONNECT_LINK_MADE("connect link made", "somebody may connect an account"),
    CONNECT_BEGUN("connect begun", "somebody is at the vendor's page"),
    CONNECTED("connected", "an account was connected"),
    CONNECT_REFUSED("connect refused", "the vendor, or the person there, said no"),
    CONNECT_FAILED("connect failed", "it did not come to a token"),
    PROOF_FAILED("proof failed", "a connection did not work when it was tried, in a way that it had not before"),
    API_TOKEN_CREATED("create token", "somebody may use the API"),
    API_TOKEN_REVOKED("revoke token", "and may no more");

    private final String what;
    private final String meaning;

    CredentialEvent(String what, String meaning) {
        this.what = what;
        this.meaning = meaning;
    }

    /** How the row says what was done, or how that begins. */
    public String what() {
        return what;
    }

    /** What the line is named: {@code credential.token_renewed}. */
    public String line() {
        return "credential." + name().toLowerCase(Locale.ROOT);
    }

    /** In a few words. */
    public String meaning() {
        return meaning;
    }
}
