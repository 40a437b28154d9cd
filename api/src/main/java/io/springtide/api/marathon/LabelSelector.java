package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Chooses apps by their labels: {@code a==b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b,c)}, {@code a},
 * joined by commas that mean "and"; a backslash takes the meaning from any character.
 *
 * <p>As in Marathon every form wants the label to be there, {@code !=} and {@code notin} too.
 *
 * @param terms that must all hold
 */
public record LabelSelector(List<Term> terms) {

    private static final int CHARACTERS_MAX = 4096;

    /** A condition on one label. */
    public sealed interface Term {

        /** Which label. */
        String key();

        /** Whether a label of this value will do. */
        boolean admits(String value);

        /** The label is there. */
        record Exists(String key) implements Term {
            @Override
            public boolean admits(String value) {
                return true;
            }
        }

        /** The label has one of these values. */
        record In(String key, List<String> values) implements Term {
            /** Keeps its own copy. */
            public In {
                values = List.copyOf(values);
            }

            @Override
            public boolean admits(String value) {
                return values.contains(value);
            }
        }

        /** The label has another value. */
        record NotIn(String key, List<String> values) implements Term {
            /** Keeps its own copy. */
            public NotIn {
                values = List.copyOf(values);
            }

            @Override
            public boolean admits(String value) {
                return !values.contains(value);
            }
        }
    }

    /** Keeps its own copy. */
    public LabelSelector {
        terms = List.copyOf(terms);
    }

    /**
     * Reads a selector.
     *
     * @throws RequestRefused 422 that says what was expected where
     */
    public static LabelSelector parse(String text) {
        if (text.length() > CHARACTERS_MAX) {
            throw refused(text.substring(0, 64) + "...",
                    "it has more than " + CHARACTERS_MAX + " characters");
        }
        return new Cursor(text).selector();
    }

    /** Whether an app with these labels is meant. */
    public boolean matches(Map<String, String> labels) {
        for (Term term : terms) {
            String value = labels.get(term.key());
            if (value == null || !term.admits(value)) {
                return false;
            }
        }
        return true;
    }

    private static RequestRefused refused(String text, String reason) {
        return new RequestRefused(MarathonError.of(422,
                "Can not parse label selector " + text + ". Reason: " + reason));
    }

    private static final class Cursor {

        private static final String SPECIAL = "=!,() \t\r\n";

        private final String text;
        private int at;

        Cursor(String text) {
            this.text = text;
        }

        LabelSelector selector() {
            List<Term> terms = new ArrayList<>();
            do {
                terms.add(term());
            } while (take(","));
            if (at < text.length()) {
                throw expected("',' or the end");
            }
            return new LabelSelector(terms);
        }

        private Term term() {
            String key = word("the name of a label");
            if (take("==")) {
                return new Term.In(key, List.of(word("a value")));
            }
            if (take("!=")) {
                return new Term.NotIn(key, List.of(word("a value")));
            }
            skipBlanks();
            if (at == text.length() || text.charAt(at) == ',') {
                return new Term.Exists(key);
            }
            int start = at;
            String operator = word("an operator");
            if (operator.equals("in")) {
                return new Term.In(key, set());
            }
            if (operator.equals("notin")) {
                return new Term.NotIn(key, set());
            }
            at = start;
            throw expected("'==', '!=', 'in' or 'notin'");
        }

        private List<String> set() {
            if (!take("(")) {
                throw expected("'('");
            }
            List<String> values = new ArrayList<>();
            do {
                values.add(word("a value"));
            } while (take(","));
            if (!take(")")) {
                throw expected("',' or ')'");
            }
            return values;
        }

        private String word(String what) {
            skipBlanks();
            StringBuilder word = new StringBuilder();
            while (at < text.length() && SPECIAL.indexOf(text.charAt(at)) < 0) {
                if (text.charAt(at) == '\\') {
                    at++;
                    if (at == text.length()) {
                        throw expected("a character after the backslash");
                    }
                }
                word.append(text.charAt(at));
                at++;
            }
            if (word.isEmpty()) {
                throw expected(what);
            }
            return word.toString();
        }

        private boolean take(String token) {
            skipBlanks();
            if (!text.startsWith(token, at)) {
                return false;
            }
            at += token.length();
            return true;
        }

        private void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private RequestRefused expected(String what) {
            return refused(text, "expected " + what + " at character " + (at + 1));
        }
    }
}
