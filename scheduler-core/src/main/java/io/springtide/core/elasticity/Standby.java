package io.springtide.core.elasticity;

/**
 * How many instances are kept started, ready and frozen beside those that serve.
 *
 * @param count so many; 0 if a share is said
 * @param percent of the count that serves, rounded up; 0 if a number is said
 */
public record Standby(int count, int percent) {

    public static final Standby NONE = new Standby(0, 0);

    /** How many beside so many that serve. */
    public int of(int serving) {
        return count > 0 ? count : (int) (((long) serving * percent + 99) / 100);
    }
}
