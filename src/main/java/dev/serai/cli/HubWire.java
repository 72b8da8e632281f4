package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.api.Api;

/** The way to a hub's API. */
interface HubWire extends AutoCloseable {
    /** What it answers. @throws HubProblem when it declines, or could not be asked */
    JsonNode call(Api.Request request);

    /** Lets a second pass in which the hub goes on with what it has written down; where there may be none, it is done here. */
    void await();

    @Override
    void close();
}
