/**
 * The project's own benchmark: a load generator, a sink that checks every delivery, two baselines and a report.
 * Knows the hub only by its HTTP door, its process ids and its deliveries; imports nothing of it.
 */
package dev.serai.bench;
