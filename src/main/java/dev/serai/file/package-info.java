/**
 * Text files people write, read so that every value remembers its file, line and column. Used by all rooms that read
 * such files; knows the JDK, Jackson and the YAML parser only.
 */
package dev.serai.file;
