package dev.serai.simulator;

/**
 * What a vendor's contract says of a request.
 *
 * @param operation the contract's id; empty when it has no such path and method
 * @param problem what in the request breaks the contract; empty when nothing does
 * @param played whether {@code simulator.yaml} says what the operation does
 */
public record Promise(String operation, String problem, boolean played) {
    public boolean covered() {
        return !operation.isEmpty();
    }
}
