/** {@code serai capsule}: a dead run as a folder of files, and lived through again without a network. */
package dev.serai.cli.capsule;
