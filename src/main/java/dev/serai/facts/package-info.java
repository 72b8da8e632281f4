/** What is told of events and runs, and its one shape as JSON, on the command line and over HTTP. May call the store. */
package dev.serai.facts;
