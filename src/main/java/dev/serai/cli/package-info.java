/** The command line: run, demo, simulate, lint, test, map, runs, dead letters. The same code that works at start. */
package dev.serai.cli;
