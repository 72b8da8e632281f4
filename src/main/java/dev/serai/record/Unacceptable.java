package dev.serai.record;

/**
 * A value cannot be brought into the wanted form. The message continues a sentence that begins with the value's name:
 * {@code is not an e-mail address}. It never quotes the value: who reports it knows whether the value is personal.
 */
public final class Unacceptable extends RuntimeException {

    public Unacceptable(String sentence) {
        super(sentence, null, false, false);
    }
}
