package dev.serai.crash;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Three hubs, two flows, two records, and whatever may happen to them in whatever order. */
class LanesPropertyTest {
    private static SharedStore store;
    private static int worlds;

    @BeforeContainer
    static void open() {
        store = new SharedStore();
    }

    @AfterContainer
    static void close() {
        store.close();
    }

    @Property(tries = 400, seed = "20261121")
    void aLaneIsHeldOnceAndInOrderAndNothingIsLeftOver(@ForAll("moves") List<Move> moves) {
        var world = new World(store, Integer.toString(++worlds));
        for (Move move : moves) {
            move.make(world);
            world.check();
        }
        world.comesToRest();
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        Arbitrary<Integer> hub = Arbitraries.integers().between(0, SharedStore.HUBS - 1);
        Arbitrary<Integer> two = Arbitraries.integers().between(0, 1);
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 3);
        Arbitrary<Move.Outcome> outcome = Arbitraries.of(Move.Outcome.class);
        Arbitrary<Move> arrives = Combinators.combine(two, two).as(Move.Arrives::new);
        Arbitrary<Move> arrivesAt = Combinators.combine(hub, two, two).as(Move.ArrivesAt::new);
        Arbitrary<Move> claims =
                Combinators.combine(hub, Arbitraries.integers().between(1, 4)).as(Move.Claims::new);
        Arbitrary<Move> ends = Combinators.combine(hub, which, outcome).as(Move.Ends::new);
        Arbitrary<Move> renews = hub.map(Move.Renews::new);
        Arbitrary<Move> freezes = hub.map(Move.Freezes::new);
        Arbitrary<Move> thaws = Combinators.combine(hub, outcome).as(Move.Thaws::new);
        Arbitrary<Move> passes = Arbitraries.integers().between(1, 12).map(Move.TimePasses::new);
        Arbitrary<Move> resumes = which.map(Move.Resumes::new);
        // by weight, so that most worlds have something to claim and something that is claimed
        Arbitrary<Move> move = Arbitraries.frequencyOf(
                Tuple.of(4, arrives),
                Tuple.of(2, arrivesAt),
                Tuple.of(6, claims),
                Tuple.of(6, ends),
                Tuple.of(2, renews),
                Tuple.of(1, freezes),
                Tuple.of(2, thaws),
                Tuple.of(3, passes),
                Tuple.of(2, resumes));
        return move.list().ofMaxSize(30);
    }
}
