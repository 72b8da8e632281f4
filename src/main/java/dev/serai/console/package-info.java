/**
 * The operator's pages at {@code /}, without their wire. They show what {@code api} says, with the role of who looks, and
 * nothing else; of the store they know who is logged in.
 */
package dev.serai.console;
