/**
 * Remote systems in the box: each vendor is its OpenAPI contract and one small file, in its folder of {@code mappings/}.
 * Speaks HTTP on 127.0.0.1 only; known to the command line and to tests, imports the {@code file} room alone.
 */
package dev.serai.simulator;
