package io.springtide.bench.sim;

/** What must hold. Safety always, liveness once faults have stopped. */
enum Invariant {
    NO_OVERCOMMIT("I-1", "no agent holds more than it has, ports included"), //
    ONE_PLACE("I-2", "an instance is launched once, in one place, and its number never again"), //
    BOUNDED_COUNT("I-3", "no more instances count than wanted and surge allow"), //
    FENCING("I-4", "no effect of an epoch after a higher one was accepted"), //
    ACKNOWLEDGED("I-5", "an acknowledged change is never lost"), //
    ONCE("I-6", "a change that is asked for again changes nothing"), //
    DURABLE_FIRST("I-7", "no launch before its fact is durable"), //
    MONOTONIC("I-8", "what is seen of an instance moves forward only"), //
    CONSTRAINTS("I-9", "constraints hold for what is placed"), //
    BUDGET("I-10", "moves and changes leave each app as many healthy instances as it asks for"), //
    KILL_REASON("I-11", "nothing is killed without a reason"), //
    BOUNDED_LOSS("I-12", "no more agents are given up in a window than a storm allows"), //
    LEADERLESS("I-13", "nothing is killed because there is no leader"), //
    ONE_DEPLOYMENT("I-14", "an app is in one deployment at most"), //
    SAME_STATE("I-17", "all who are at one position have the same state"), //
    BOUNDED_QUEUES("I-18", "no queue grows beyond its bound"), //
    NO_BUG("BUG", "the code throws nothing that it does not expect"), //
    EXACT_COUNT("L-1", "the wanted count runs, or it is said why not"), //
    NO_ZOMBIE("L-2", "agents run what the state has there and nothing else"), //
    DEPLOYED("L-4", "deployments come to an end, or it is said why not"), //
    ALL_REPORTED("L-5", "no agent has anything left to report"), //
    LED("L-6", "somebody leads"), //
    AT_REST("L-8", "rates return: no more reigns, connections or facts than without faults"), //
    REPEATABLE("DET", "a seed gives the same history again");

    private final String id;
    private final String meaning;

    Invariant(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    String id() {
        return id;
    }

    String meaning() {
        return meaning;
    }
}
