package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.run.Outcome;

/** What became of one record of a call. @param useful the useful part of its entry; missing when it failed or had none */
public record BatchResult(Outcome outcome, JsonNode useful) {}
