/**
 * Webhooks of one remote system: checks who sent a request and cuts it into events, as the {@code webhooks:} section of
 * {@code mappings/<system>/connector.yaml} says. Pure: bytes in, plain values out; calls {@code file} and templates only.
 */
package dev.serai.connector.webhook;
