package dev.serai.crash;

import java.time.Duration;

/** Something that happens to hubs that share a database. Where it can't happen, nothing does. */
sealed interface Move {
    void make(World world);

    /** An event about a record comes for a flow. */
    record Arrives(int record, int flow) implements Move {
        @Override
        public void make(World world) {
            world.arrives(record, flow, -1);
        }
    }

    /** The same, at a hub that has room for it and is handed the run at once. */
    record ArrivesAt(int hub, int record, int flow) implements Move {
        @Override
        public void make(World world) {
            world.arrives(record, flow, hub);
        }
    }

    record Claims(int hub, int room) implements Move {
        @Override
        public void make(World world) {
            world.claims(hub, room);
        }
    }

    /** What a claim comes to. */
    enum Outcome {
        DONE,
        RETRY,
        DEAD,
        DEAD_IN_THE_WAY,
        IN_DOUBT,
        RELEASED
    }

    /** A hub is through with one of the runs it believes to hold. */
    record Ends(int hub, int which, Outcome outcome) implements Move {
        @Override
        public void make(World world) {
            world.ends(hub, which, outcome);
        }
    }

    /** A hub prolongs what it holds. */
    record Renews(int hub) implements Move {
        @Override
        public void make(World world) {
            world.renews(hub);
        }
    }

    /** A hub freezes with all it holds; what it finishes later comes too late. */
    record Freezes(int hub) implements Move {
        @Override
        public void make(World world) {
            world.freezes(hub);
        }
    }

    /** A frozen hub comes back and writes down what its oldest run came to. */
    record Thaws(int hub, Outcome outcome) implements Move {
        @Override
        public void make(World world) {
            world.thaws(hub, outcome);
        }
    }

    record TimePasses(int seconds) implements Move {
        @Override
        public void make(World world) {
            world.passes(Duration.ofSeconds(seconds));
        }
    }

    /** A person lets one of the runs that were set aside go on. */
    record Resumes(int which) implements Move {
        @Override
        public void make(World world) {
            world.resumes(which);
        }
    }
}
