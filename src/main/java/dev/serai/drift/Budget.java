package dev.serai.drift;

/**
 * The memory that all shapes share, in marks of about a hundred bytes. What finds none left is not learned, and counted.
 */
public final class Budget {
    private int left;

    public Budget(int marks) {
        this.left = marks;
    }

    boolean take() {
        if (left <= 0) {
            return false;
        }
        left--;
        return true;
    }

    void give(int marks) {
        left += marks;
    }

    public int left() {
        return left;
    }
}
