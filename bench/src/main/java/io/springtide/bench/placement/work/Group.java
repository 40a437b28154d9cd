package io.springtide.bench.placement.work;

/**
 * Instances that look alike: an app.
 *
 * @param priority a higher one may evict a lower one
 */
public record Group(String name, Need need, Rule rule, int priority) {

    public Group(String name, Need need, Rule rule) {
        this(name, need, rule, 0);
    }
}
