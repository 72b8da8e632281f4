package dev.serai.connector;

import dev.serai.run.Units;
import java.util.Map;

/** What a remote allows: in all, and for operations beside that. @param own those of operations, by name */
public record QuotaSet(Quota all, Map<String, Quota> own) {

    /** {@link Quota#NONE} where the file says nothing of the operation. */
    public Quota of(String operation) {
        return own.getOrDefault(operation, Quota.NONE);
    }

    /** What one call of an operation takes of {@link #all}. @param records of a batch, else 1 */
    public Units units(String operation, int records) {
        return new Units(1, own.getOrDefault(operation, all).cost().of(records));
    }
}
