/** What happens next to a run: verdicts, retry schedules, states. Plain values; time and chance are handed in. */
package dev.serai.run;
