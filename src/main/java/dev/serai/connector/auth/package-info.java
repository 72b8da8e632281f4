/**
 * How requests prove who sends them: fixed secrets, tokens that are asked for and end, signatures. What a connector file
 * says of it, the requests that get a token, and what their answers hold. Time, chance and the network are the caller's.
 */
package dev.serai.connector.auth;
