package io.springtide.agent;

import io.springtide.api.agent.Resources;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code --reserve} says: parts of the machine for one role each. */
final class Reservations {

    private static final String FORM = "ROLE:cpus=2,mem=1024,disk=0,gpus=0";
    private static final int ROLE_CHARACTERS_MAX = 255;
    private static final BigDecimal AMOUNT_MAX = BigDecimal.valueOf(1L << 40);
    private static final BigDecimal MILLI = BigDecimal.valueOf(1_000);

    private Reservations() {}

    /**
     * Reads all of them.
     *
     * @param total of the machine, of which they are parts
     * @throws ConfigException if one makes no sense, or together they are more than there is
     */
    static Map<String, Resources> parse(List<String> texts, Resources total) {
        Map<String, Resources> byRole = new TreeMap<>();
        Resources.Builder sum = Resources.newBuilder();
        for (String text : texts) {
            int colon = text.indexOf(':');
            require(colon > 0, text, "is not " + FORM);
            String role = text.substring(0, colon).strip();
            require(role.matches("[^\\s/\\\\*-][^\\s/\\\\]*") && !role.matches("\\.{1,2}")
                    && role.length() <= ROLE_CHARACTERS_MAX, text,
                    "names no role: letters without blanks and slashes, and not '*', which is"
                            + " what is reserved for nobody");
            Resources amounts = amounts(text, text.substring(colon + 1));
            require(byRole.put(role, amounts) == null, text, "names role " + role + " again");
            sum.setCpusMilli(sum.getCpusMilli() + amounts.getCpusMilli())
                    .setMemMib(sum.getMemMib() + amounts.getMemMib())
                    .setDiskMib(sum.getDiskMib() + amounts.getDiskMib())
                    .setGpus(Math.addExact(sum.getGpus(), amounts.getGpus()));
        }
        within("cpus", sum.getCpusMilli(), total.getCpusMilli(), "thousandths");
        within("mem", sum.getMemMib(), total.getMemMib(), "MiB");
        within("disk", sum.getDiskMib(), total.getDiskMib(), "MiB");
        within("gpus", sum.getGpus(), total.getGpus(), "devices");
        return byRole;
    }

    private static Resources amounts(String text, String list) {
        Map<String, String> given = new TreeMap<>();
        for (String item : list.split(",", -1)) {
            String[] parts = item.strip().split("=", 2);
            require(parts.length == 2, text, "is not " + FORM);
            require(List.of("cpus", "mem", "disk", "gpus").contains(parts[0]), text,
                    "names '" + parts[0] + "'; it is cpus, mem, disk or gpus");
            require(given.put(parts[0], parts[1]) == null, text, "names " + parts[0] + " twice");
        }
        return Resources.newBuilder()
                .setCpusMilli(whole(text, "cpus", given, MILLI))
                .setMemMib(whole(text, "mem", given, BigDecimal.ONE))
                .setDiskMib(whole(text, "disk", given, BigDecimal.ONE))
                .setGpus((int) Math.min(Integer.MAX_VALUE / 2,
                        whole(text, "gpus", given, BigDecimal.ONE)))
                .build();
    }

    private static long whole(String text, String name, Map<String, String> given,
            BigDecimal unit) {
        String number = given.getOrDefault(name, "0");
        // Bounded before it becomes a number: 1e999999999 must not become its digits.
        require(number.matches("[0-9]{1,13}(\\.[0-9]{1,9})?"), text,
                "needs a number for " + name + ", not '" + number + "'");
        BigDecimal amount = new BigDecimal(number).multiply(unit).stripTrailingZeros();
        require(amount.scale() <= 0, text, name.equals("cpus")
                ? "counts cpus in thousandths at the finest"
                : "counts " + name + " in whole numbers");
        require(amount.compareTo(AMOUNT_MAX) <= 0, text, "has an absurd amount of " + name);
        return amount.longValueExact();
    }

    private static void within(String name, long reserved, long total, String unit) {
        if (reserved > total) {
            throw new ConfigException("--reserve: together " + reserved + " " + unit + " of "
                    + name + " are reserved, and this agent has " + total
                    + "; reserve less, or offer more with --" + name);
        }
    }

    private static void require(boolean good, String text, String otherwise) {
        if (!good) {
            throw new ConfigException("--reserve " + text + " " + otherwise);
        }
    }
}
