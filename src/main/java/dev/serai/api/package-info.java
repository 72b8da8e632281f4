/**
 * The REST API without its wire: what can be asked and done, by whom, and the one shape of each answer. The command line, the
 * console and other people's programs see the same facts. May call the store, the facts and the pure rooms.
 */
package dev.serai.api;
