package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import java.io.IOException;

/** Plays every remote of a hub that tries something out: nothing of it reaches the network. */
public interface StandIn {
    /** @throws IOException when it has no answer: the call fails as if the remote were away */
    Answer answer(Connector connector, Request request) throws IOException;
}
