package dev.serai.store;

/** Numbers as people see them: {@code e_81} is an event, {@code r_81} a run. */
public final class Names {
    private Names() {}

    public static String run(long id) {
        return "r_" + id;
    }

    /** The number in {@code r_81} or {@code 81}. @throws IllegalArgumentException for anything else */
    public static long parseRun(String name) {
        return parse("r_", name);
    }

    static long parse(String prefix, String name) {
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is not an id; write " + prefix + "81, as the lists show it");
        }
        return Long.parseLong(digits);
    }
}
