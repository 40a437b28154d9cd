package io.springtide.cloud.ingress.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Tables and reports as JSON: one field a record component, by its name. Fields that are not known are
 * passed over, so that either side may be the newer one. Any thread.
 */
public final class TrafficJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final ObjectWriter WRITER = MAPPER.writer();
    private static final ObjectReader TABLES = MAPPER.readerFor(TrafficTable.class);
    private static final ObjectReader REPORTS = MAPPER.readerFor(IngressReport.class);

    private TrafficJson() {}

    /** A table in UTF-8. */
    public static byte[] write(TrafficTable table) {
        return bytes(table);
    }

    /** A report in UTF-8. */
    public static byte[] write(IngressReport report) {
        return bytes(report);
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException with a sentence, if it is none
     */
    public static TrafficTable readTable(byte[] json) {
        return read(TABLES, TrafficTable.class, json, "a traffic table");
    }

    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException with a sentence, if it is none
     */
    public static IngressReport readReport(byte[] json) {
        return read(REPORTS, IngressReport.class, json, "a report of an ingress");
    }

    private static byte[] bytes(Object value) {
        try {
            return WRITER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static <T> T read(ObjectReader reader, Class<T> type, byte[] json, String what) {
        try {
            // Nothing at all is read as a missing node, not as an error.
            if (json.length == 0) {
                throw new IllegalArgumentException("this is not " + what + ": it is empty");
            }
            T value = type.cast(reader.readValue(json));
            if (value == null) {
                throw new IllegalArgumentException("this is not " + what + ": it is null");
            }
            return value;
        } catch (JsonProcessingException bad) {
            throw new IllegalArgumentException(
                    "this is not " + what + ": " + bad.getOriginalMessage(), bad);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
