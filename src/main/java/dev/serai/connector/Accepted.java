package dev.serai.connector;

import dev.serai.file.FirstTemplate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A write that is accepted now and done, or not, later: how to recognise the acceptance, and what to ask until it is known.
 *
 * @param statuses of an answer that is an acceptance
 * @param read the read that tells the state; it finds the job as place {@code {job}}
 */
record Accepted(Set<Integer> statuses, String read, Job job, Words words, Looks looks) {

    /**
     * Where the acceptance names the job: a dotted path of its body, or a header where that is empty.
     *
     * @param text with places of the acceptance, in place of both
     */
    record Job(String path, String header, Optional<FirstTemplate> text) {}

    /**
     * What the state says.
     *
     * @param state dotted path in the useful part of the read's answer
     * @param reason dotted path there of what a failure is told by; empty for none
     */
    record Words(String state, Set<String> done, Set<String> failed, String reason) {}

    /** When to ask: first after {@code first}, then ever less often up to {@code longest}, for no longer than {@code within}. */
    record Looks(Duration first, Duration longest, Duration within) {}
}
