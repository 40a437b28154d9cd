package io.springtide.cli;

/**
 * Shows on stderr how far something is. On a terminal one line is rewritten; elsewhere a line is
 * printed when the text changes, at most every {@link #PLAIN_INTERVAL_MS}.
 */
public final class ProgressLine implements AutoCloseable {
    private static final long PLAIN_INTERVAL_MS = 2_000;
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final boolean silent;
    private final long startNanos = System.nanoTime();
    private String shown = "";
    private long shownNanos = startNanos - PLAIN_INTERVAL_MS * 1_000_000;

    public ProgressLine(Terminal terminal, boolean silent) {
        this.terminal = terminal;
        this.silent = silent;
    }

    /** Seconds since this line was begun, with one decimal. */
    public String elapsed() {
        return seconds((System.nanoTime() - startNanos) / 1_000_000);
    }

    /** Milliseconds as seconds with one decimal. */
    public static String seconds(long ms) {
        long tenths = Math.max(0, ms + 50) / 100;
        return tenths / 10 + "." + tenths % 10 + " s";
    }

    /** Shows the text; call as often as you like. */
    public void show(String text) {
        show(text, false);
    }

    /**
     * Shows the text.
     *
     * @param now without a terminal too: it says something that people should not wait for
     */
    public void show(String text, boolean now) {
        if (silent) {
            return;
        }
        if (terminal.errIsTerminal()) {
            terminal.err().print(CLEAR + text + "  " + elapsed());
            terminal.err().flush();
            shown = text;
            return;
        }
        long nowNanos = System.nanoTime();
        if (!text.equals(shown)
                && (now || nowNanos - shownNanos >= PLAIN_INTERVAL_MS * 1_000_000)) {
            terminal.say(text);
            shown = text;
            shownNanos = nowNanos;
        }
    }

    /** Takes the line away again, so that something else can be printed. */
    public void clear() {
        if (!silent && terminal.errIsTerminal() && !shown.isEmpty()) {
            terminal.err().print(CLEAR);
            terminal.err().flush();
            shown = "";
        }
    }

    @Override
    public void close() {
        clear();
    }
}
