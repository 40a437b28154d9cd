package io.springtide.cli;

import java.util.Locale;

/** Asks before something is destroyed, if there is somebody to ask. */
final class Confirmation {
    private Confirmation() {}

    /** Returns if the answer is yes, or if nobody sits there. @throws CliException if it is no */
    static void ask(Terminal terminal, boolean yes, String question) {
        if (yes || !terminal.inIsTerminal() || !terminal.errIsTerminal()) {
            return;
        }
        String answer = terminal.ask(question + " [y/N] ").orElse("").strip()
                .toLowerCase(Locale.ROOT);
        if (!answer.equals("y") && !answer.equals("yes")) {
            throw new CliException(Exit.FAILED, "Nothing was changed.", "");
        }
    }
}
