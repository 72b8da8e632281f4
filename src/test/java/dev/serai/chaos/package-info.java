/**
 * Kills hubs and their database at random while events come in, then compares what was acknowledged with what the
 * vendor saw and what the journal says. In the spirit of Jepsen; {@code bench/chaos.sh} runs it for long.
 */
package dev.serai.chaos;
