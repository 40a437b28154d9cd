package io.springtide.bench.placement.work;

/**
 * What must, or should, be true of the instances of a group. The hard ones are checked after every
 * single placement, the soft ones only measured.
 */
public sealed interface Rule {

    /** Anywhere. */
    record Anywhere() implements Rule {}

    /** At most one instance on a machine. Marathon: {@code hostname UNIQUE}. */
    record OnePerMachine() implements Rule {}

    /**
     * Over all zones that machines have, the counts of two never differ by more than
     * {@code skewMax}. Marathon: {@code @zone GROUP_BY}, which means 1.
     */
    record LevelZones(int skewMax) implements Rule {}

    /** All in one zone. Marathon: {@code @zone CLUSTER}. */
    record OneZone() implements Rule {}

    /** Only on machines of a kind. Marathon: {@code kind IS value}. */
    record OnlyKind(String kind) implements Rule {}

    /** Never on a machine that holds an instance of another group. */
    record KeepOff(int group) implements Rule {}

    /** Zones as level as can be; soft. */
    record PreferLevelZones() implements Rule {}

    /** Not beside another one of the group if there is room elsewhere; soft. */
    record PreferApart() implements Rule {}

    /** Whether an outcome that breaks it is wrong, not only worse. */
    default boolean hard() {
        return switch (this) {
            case Anywhere unused -> false;
            case PreferLevelZones unused -> false;
            case PreferApart unused -> false;
            case OnePerMachine unused -> true;
            case LevelZones unused -> true;
            case OneZone unused -> true;
            case OnlyKind unused -> true;
            case KeepOff unused -> true;
        };
    }
}
