/** {@code serai connector scaffold}: the folder of a system, begun from its OpenAPI document. Pure but for the files written. */
package dev.serai.cli.scaffold;
