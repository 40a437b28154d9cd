package io.springtide.core.placement;

import com.google.re2j.Pattern;
import io.springtide.core.model.Constraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * One field of all agents as small numbers: rows with the same value have the same code. A rule is
 * evaluated once for each distinct value, however many agents have it.
 */
final class Column {

    /** The agent has no such field. */
    static final int NONE = -1;

    private final int[] codes;
    private final List<String> values = new ArrayList<>();
    private final LinkedHashMap<String, Integer> codeOf = new LinkedHashMap<>();
    private final LinkedHashMap<Constraint, BitSet> matches = new LinkedHashMap<>();
    private int[] starts = {};
    private int[] rowsByCode = {};

    Column(int rows) {
        codes = new int[rows];
        Arrays.fill(codes, NONE);
    }

    void put(int row, String value) {
        Integer known = codeOf.get(value);
        if (known == null) {
            known = values.size();
            values.add(value);
            codeOf.put(value, known);
        }
        codes[row] = known;
    }

    /** A number that stands for its own value. */
    void put(int row, int code) {
        while (values.size() <= code) {
            values.add("");
        }
        codes[row] = code;
    }

    int code(int row) {
        return codes[row];
    }

    /** How many values there are; codes lie below. */
    int size() {
        return values.size();
    }

    /** The code of a value, or {@link #NONE}. */
    int codeOf(String value) {
        return codeOf.getOrDefault(value, NONE);
    }

    /** Whether the agent's value satisfies a rule that depends on nothing else. */
    boolean matches(int row, Constraint rule) {
        int code = codes[row];
        return code == NONE
                ? rule.operator() == Constraint.Operator.UNLIKE
                : matches(rule).get(code);
    }

    /** The codes whose value satisfies a rule. */
    BitSet matches(Constraint rule) {
        BitSet known = matches.get(rule);
        if (known == null) {
            known = evaluate(rule);
            matches.put(rule, known);
        }
        return known;
    }

    private BitSet evaluate(Constraint rule) {
        BitSet found = new BitSet(values.size());
        boolean like = rule.operator() == Constraint.Operator.LIKE;
        if (like || rule.operator() == Constraint.Operator.UNLIKE) {
            // RE2 runs in time linear in the value: no expression can hold up a round.
            Pattern pattern = Pattern.compile(rule.value());
            for (int code = 0; code < values.size(); code++) {
                found.set(code, pattern.matches(values.get(code)) == like);
            }
        } else {
            int code = codeOf(rule.value());
            if (code != NONE) {
                found.set(code);
            }
        }
        return found;
    }

    /** Calls for each row with the code. */
    void rows(int code, RowConsumer each) {
        if (starts.length == 0) {
            group();
        }
        for (int i = starts[code]; i < starts[code + 1]; i++) {
            each.accept(rowsByCode[i]);
        }
    }

    /** Takes a row. */
    interface RowConsumer {
        void accept(int row);
    }

    private void group() {
        starts = new int[values.size() + 2];
        for (int code : codes) {
            if (code != NONE) {
                starts[code + 2]++;
            }
        }
        for (int i = 2; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        rowsByCode = new int[starts[starts.length - 1]];
        for (int row = 0; row < codes.length; row++) {
            if (codes[row] != NONE) {
                rowsByCode[starts[codes[row] + 1]++] = row;
            }
        }
    }
}
