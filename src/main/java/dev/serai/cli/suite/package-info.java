/** {@code serai connector test}: what a connector file says, tried on the system's contract and on its simulator. */
package dev.serai.cli.suite;
