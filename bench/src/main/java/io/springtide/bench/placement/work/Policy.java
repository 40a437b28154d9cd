package io.springtide.bench.placement.work;

/** What is preferred among the machines that a rule allows. */
public enum Policy {
    /** Few machines in use. */
    BINPACK,
    /** Level load. */
    SPREAD
}
