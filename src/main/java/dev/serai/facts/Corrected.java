package dev.serai.facts;

import dev.serai.run.Correction;
import dev.serai.store.History;
import dev.serai.store.History.Deed;
import dev.serai.store.History.Payload;
import dev.serai.store.History.Run;
import dev.serai.store.WorkedOn;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run works on, or worked on: its event as it arrived, or what people made of it. The corrected bytes are kept until the run
 * is done; from then on they are made again by the patches that the audit keeps as long as the history.
 *
 * @param by who corrected it, the oldest first
 * @param lost a correction can't be made again, so the payload is as it arrived
 */
public record Corrected(Payload payload, List<Deed> by, boolean lost) {

    /** As it is now, or was in the end; empty when the event has left the history. */
    public static Optional<Corrected> of(History history, Run run) throws SQLException {
        Optional<Payload> arrived = history.payload(run.event().id());
        if (arrived.isEmpty()) {
            return Optional.empty();
        }
        Corrected again = at(arrived.get(), history.byHand(run.id()), Instant.MAX);
        Payload kept = history.corrected(run.id())
                .map(bytes -> new Payload(arrived.get().contentType(), bytes))
                .orElse(null);
        return Optional.of(kept == null ? again : new Corrected(kept, again.by, false));
    }

    /** As it was at a moment. @param deeds all that people did with the run, the oldest first */
    static Corrected at(Payload arrived, List<Deed> deeds, Instant moment) {
        List<Deed> by = deeds.stream()
                .filter(deed -> deed.patch() != null && !deed.at().isAfter(moment))
                .toList();
        byte[] bytes = arrived.bytes();
        try {
            for (Deed deed : by) {
                bytes = Correction.again(deed.patch(), arrived.contentType(), bytes);
            }
        } catch (Correction.Refused | IllegalArgumentException e) {
            return new Corrected(arrived, by, true);
        }
        return new Corrected(new Payload(arrived.contentType(), bytes), by, false);
    }

    /** All that it was from then on: what a reason of long ago repeats need not be in it any more. */
    public static List<byte[]> versions(WorkedOn.Given given) {
        var versions = new ArrayList<byte[]>();
        versions.add(given.arrived().bytes());
        try {
            for (String patch : given.patches()) {
                versions.add(Correction.again(patch, given.arrived().contentType(), versions.get(versions.size() - 1)));
            }
        } catch (Correction.Refused | IllegalArgumentException e) {
            // one is not kept any more: what came of it at last is, as long as the run is open
        }
        if (given.corrected() != null) {
            versions.add(given.corrected());
        }
        return versions;
    }

    public boolean isCorrected() {
        return !by.isEmpty();
    }
}
