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
record Accepted(Set<Integer> statuses, String read, Job job, Words words, Looks looks, Failures failures) {

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

    /**
     * How a job that is done tells of the records of a call that it refused, where its state does not.
     *
     * @param read the read that lists them, which finds the job as place {@code {job}}; empty where {@code read} does
     * @param total dotted path in the useful part of {@code read}'s answer of how many there are; empty where it does not say
     */
    record Failures(String read, String total) {}

    /** When to ask: first after {@code first}, then ever less often up to {@code longest}, for no longer than {@code within}. */
    record Looks(Duration first, Duration longest, Duration within) {}
}
