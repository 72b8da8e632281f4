/** The only SQL: events, runs, their journal, cursors. Everything that must survive a crash goes through here. */
package dev.serai.store;
