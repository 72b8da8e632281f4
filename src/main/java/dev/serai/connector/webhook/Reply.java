package dev.serai.connector.webhook;

/** What a handshake is answered with, status 200. Such a request is no event and is not stored. */
public record Reply(String contentType, String body) {}
