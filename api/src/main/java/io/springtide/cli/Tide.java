package io.springtide.cli;

import io.springtide.api.client.TideException;
import io.springtide.cli.cluster.ClusterException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code tide} command. Only the command that was named is built: describing all of them to
 * picocli would double the time a call takes.
 */
public final class Tide {
    private final Terminal terminal;

    public Tide(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = new Tide(terminal).run(args);
        terminal.out().flush();
        if (terminal.out().checkError() && code == 0) {
            // The reader has gone away (tide ps | head): no reason to complain.
            code = 0;
        }
        System.exit(code);
    }

    /** Runs one command. @return the exit code, see {@link Exit} */
    public int run(String... args) {
        String[] ordered = namesFirst(args);
        CommandLine line = commandLine(ordered);
        line.setExecutionExceptionHandler(new Failures());
        line.setParameterExceptionHandler(new Misuse());
        int code = line.execute(ordered);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private CommandLine commandLine(String[] args) {
        Commands commands = new Commands(terminal);
        String first = args.length > 0 ? args[0] : "";
        String second = args.length > 1 ? args[1] : "";
        return commands.knows(first, second) ? commands.only(first, second) : commands.all();
    }

    /** Lets options that stand before the command (tide --url X ps) count as the command's own. */
    private static String[] namesFirst(String[] args) {
        List<String> options = new ArrayList<>();
        int at = 0;
        while (at < args.length && args[at].startsWith("--")) {
            if (args[at].equals("--debug") || args[at].startsWith("--url=")) {
                options.add(args[at]);
                at++;
            } else if (args[at].equals("--url") && at + 1 < args.length) {
                options.add(args[at]);
                options.add(args[at + 1]);
                at += 2;
            } else {
                return args;
            }
        }
        if (options.isEmpty() || at == args.length) {
            return args;
        }
        List<String> ordered = new ArrayList<>();
        ordered.add(args[at]);
        if (at + 1 < args.length && Commands.actions(args[at]).contains(args[at + 1])) {
            at++;
            ordered.add(args[at]);
        }
        ordered.addAll(options);
        for (int rest = at + 1; rest < args.length; rest++) {
            ordered.add(args[rest]);
        }
        return ordered.toArray(new String[0]);
    }

    /** Says what went wrong, without a stack trace unless somebody asked for it. */
    private final class Failures implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine line,
                ParseResult parsed) {
            terminal.out().flush();
            Exit exit;
            if (failure instanceof CliException known) {
                complain(String.valueOf(known.getMessage()), known.fix());
                exit = known.exit();
            } else if (failure instanceof ClusterException trouble) {
                complain(String.valueOf(trouble.getMessage()), trouble.fix());
                exit = trouble.configuration() ? Exit.CONFIGURATION : Exit.FAILED;
            } else if (failure instanceof TideException.Refused refused) {
                exit = refusal(refused);
            } else if (failure instanceof TideException.Unreachable gone) {
                complain(String.valueOf(gone.getMessage()), gone.requestSent()
                        ? "The request may have taken effect: look before you repeat it."
                        : "Start a local cluster with 'tide up', or name another master with --url or TIDE_URL.");
                exit = Exit.UNREACHABLE;
            } else {
                String message = failure.getMessage();
                complain(
                        failure instanceof TideException && message != null
                                ? message
                                : "This is a bug in tide: " + failure,
                        failure instanceof TideException
                                ? ""
                                : "Repeat with --debug and report what it prints.");
                exit = Exit.FAILED;
            }
            if (wantsDebug(parsed)) {
                failure.printStackTrace(terminal.err());
            }
            return exit.code();
        }

        private boolean wantsDebug(ParseResult parsed) {
            ParseResult deepest = parsed;
            while (deepest.hasSubcommand()) {
                deepest = deepest.subcommand();
            }
            return deepest.hasMatchedOption("--debug");
        }
    }

    private Exit refusal(TideException.Refused refused) {
        StringBuilder what = new StringBuilder(sentence(String.valueOf(refused.getMessage())));
        for (TideException.Problem problem : refused.problems()) {
            what.append("\n  ").append(problem.path().isEmpty() ? "" : problem.path() + ": ")
                    .append(problem.text());
        }
        int status = refused.status();
        Exit exit;
        String fix = "";
        if (status == 404) {
            exit = Exit.NOT_FOUND;
            fix = "See what there is: tide app list, tide group list, tide ps, tide deployments.";
        } else if (status == 409) {
            exit = Exit.CONFLICT;
            fix = refused.deployments().isEmpty()
                    ? ""
                    : "Wait for deployment " + String.join(", ", refused.deployments())
                            + " (tide deployments), or override it with --force.";
        } else if (status == 401) {
            exit = Exit.NO_LOGIN;
        } else if (status == 403) {
            exit = Exit.FORBIDDEN;
        } else if (status == 400 || status == 413 || status == 415 || status == 422) {
            exit = Exit.INVALID;
        } else if (status == 429 || status == 503) {
            exit = Exit.TEMPORARY;
            fix = "Try again" + (refused.retryAfterSeconds() > 0
                    ? " in " + refused.retryAfterSeconds() + " s."
                    : ".");
        } else if (status == 502 || status == 504) {
            exit = Exit.UNREACHABLE;
            fix = "A new leader may be on its way: try again in a few seconds.";
        } else {
            exit = Exit.FAILED;
        }
        complain(what.toString(), fix);
        return exit;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private void complain(String what, String fix) {
        terminal.say("tide: " + what);
        if (!fix.isEmpty()) {
            terminal.say(fix);
        }
    }

    /** Names the mistake, suggests what may have been meant, and points to the help. */
    private final class Misuse implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException mistake, String[] args) {
            CommandSpec spec = mistake.getCommandLine().getCommandSpec();
            terminal.say("tide: " + mistake.getMessage());
            UnmatchedArgumentException.printSuggestions(mistake,
                    terminal.messageWriter());
            terminal.say("How it is used: " + spec.qualifiedName() + " --help");
            return Exit.USAGE.code();
        }
    }
}
