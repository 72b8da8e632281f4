/** All of {@code mappings/} as one snapshot that is swapped when a file changes. Pure but for reading the folder. */
package dev.serai.library;
