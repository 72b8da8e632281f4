package dev.serai.run;

/** What calls take of a remote's limits: how many they are, and the points it reckons for them where it counts in points. */
public record Units(long calls, long points) {
    public static final Units NONE = new Units(0, 0);

    public Units plus(Units other) {
        return new Units(calls + other.calls, points + other.points);
    }

    public Units minus(Units other) {
        return new Units(calls - other.calls, points - other.points);
    }

    public Units times(long factor) {
        return new Units(calls * factor, points * factor);
    }

    public boolean covers(Units other) {
        return calls >= other.calls && points >= other.points;
    }
}
