package io.springtide.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stands in the help for what the launcher starts in a JVM and with a class path of its own. */
abstract class ProcessCommand implements Callable<Integer> {
    private final String name;

    @Mixin
    final HelpOption help = new HelpOption();

    ProcessCommand(String name) {
        this.name = name;
    }

    @Override
    public Integer call() {
        throw new CliException(Exit.USAGE,
                "'" + name + "' is started by the launcher script, not by this program.",
                "Call the script 'tide' at the top of the project.");
    }

    /** {@code tide master}. */
    @Command(name = "master", description = "Run a master. Its options: tide master --help")
    static final class Master extends ProcessCommand {
        Master() {
            super("master");
        }
    }

    /** {@code tide ingress}. */
    @Command(name = "ingress",
            description = "Run a load balancer. Its options: tide ingress --help")
    static final class Ingress extends ProcessCommand {
        Ingress() {
            super("ingress");
        }
    }

    /** {@code tide zookeeper}. */
    @Command(name = "zookeeper",
            description = "Run a ZooKeeper server. Its options: tide zookeeper --help")
    static final class ZooKeeper extends ProcessCommand {
        ZooKeeper() {
            super("zookeeper");
        }
    }

    /** {@code tide bench}. */
    @Command(name = "bench", description = "Measure this machine. What there is: tide bench --help")
    static final class Bench extends ProcessCommand {
        Bench() {
            super("bench");
        }
    }

    /** {@code tide sim}. */
    @Command(name = "sim",
            description = "Try to break a simulated cluster. Its options: tide sim --help")
    static final class Sim extends ProcessCommand {
        Sim() {
            super("sim");
        }
    }

    /** {@code tide chaos}. */
    @Command(name = "chaos",
            description = "Break a cluster of its own in many ways. What there is: tide chaos --help")
    static final class Chaos extends ProcessCommand {
        Chaos() {
            super("chaos");
        }
    }
}
