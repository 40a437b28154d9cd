package io.springtide.agent.engine;

/** Fills steadily up to its size; whatever is done costs one token. Full at first. Pure. */
final class TokenBucket {

    private double perMs;
    private double size;
    private double tokens;
    private long filledMs = Long.MIN_VALUE;

    TokenBucket(double perSecond, double size) {
        this.perMs = perSecond / 1000;
        this.size = size;
        this.tokens = size;
    }

    /** Another rate and size; what it holds beyond that is lost. */
    void become(double perSecond, double newSize) {
        perMs = perSecond / 1000;
        size = newSize;
        tokens = Math.min(tokens, newSize);
    }

    /** Whether it holds a token now. */
    boolean holds(long nowMs) {
        if (filledMs != Long.MIN_VALUE) {
            tokens = Math.min(size, tokens + (nowMs - filledMs) * perMs);
        }
        filledMs = nowMs;
        return tokens >= 1;
    }

    /** Takes one that it holds. */
    void take() {
        tokens -= 1;
    }
}
