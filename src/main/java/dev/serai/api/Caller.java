package dev.serai.api;

/** Who asks. @param name what the audit says */
public record Caller(String name, Role role) {}
