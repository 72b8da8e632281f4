/**
 * The only Camel: the components {@code event:}, {@code mapping:} and {@code connector:}, the door for webhooks, the
 * dispatch of runs, and the loading of {@code routes/}. Calls the store and the pure rooms; nobody but the start calls it.
 */
package dev.serai.route;
