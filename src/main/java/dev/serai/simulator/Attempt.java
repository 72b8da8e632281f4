package dev.serai.simulator;

import java.time.Instant;

/**
 * Somebody who wants in.
 *
 * @param address of the vendor as it was called, {@code http://127.0.0.1:9090/hubspot}
 * @param known whom the vendor lets in
 */
record Attempt(Asked asked, String address, Credential known, Instant now) {

    /** The whole address that was called, encoded as it was sent, without its query. */
    String target() {
        return address + asked.path();
    }
}
