/**
 * What one remote system looks like: requests, credentials, pages, verdicts and webhooks, all read from
 * {@code mappings/<system>/connector.yaml}. Pure: opens no connection and knows no database.
 */
package dev.serai.connector;
