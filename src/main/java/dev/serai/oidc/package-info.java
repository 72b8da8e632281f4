/**
 * Who somebody is, by the word of an issuer (OpenID Connect): discovery, the way there, the way back, the ID token. Knows the
 * SDK and nothing of ours; calls are sent by whom it is given.
 */
package dev.serai.oidc;
