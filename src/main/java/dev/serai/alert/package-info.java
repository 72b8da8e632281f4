/** When people are told of something: the rules, what was seen, and what becomes of an alert. Pure; may call {@code file} and {@code run}. */
package dev.serai.alert;
