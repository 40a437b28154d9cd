package io.springtide.bench.sim;

/** How often what runs fails, in millionths; all of it 0 unless a fault says otherwise. */
final class RuntimeFaults {

    int createFailsPpm;
    int slowStartPpm;
    int exitsPpm;
    int killIgnoredPpm;

    void draw(Dice dice) {
        createFailsPpm = dice.within(0, 400_000);
        slowStartPpm = dice.within(0, 400_000);
        exitsPpm = dice.within(0, 500_000);
        killIgnoredPpm = dice.within(0, 500_000);
    }

    void stop() {
        createFailsPpm = 0;
        slowStartPpm = 0;
        exitsPpm = 0;
        killIgnoredPpm = 0;
    }
}
