package dev.serai.connector;

import java.io.IOException;

/** The remote has answered, and its answer is not taken. Whatever it was asked may have been done. */
public final class AnswerRefused extends IOException {
    /** @param message what is wrong with the answer and what to do, without the connection's name and without payload */
    public AnswerRefused(String message) {
        super(message);
    }
}
