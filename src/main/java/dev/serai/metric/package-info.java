/** What is counted and timed while the hub works, as Prometheus reads it. Knows nothing of how the hub works. */
package dev.serai.metric;
