package io.springtide.api.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes {@link Json} with Jackson's streaming parser; data binding stays off the class
 * path of the command line because loading it takes longer than most commands.
 */
public final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /**
     * Parses one document. Depth, name length and number length are bounded by Jackson's read
     * constraints.
     *
     * @throws MalformedJson if the text is not one JSON document
     */
    public static Json parse(byte[] utf8) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJson("the document is empty");
            }
            Json value = read(parser, first);
            if (parser.nextToken() != null) {
                throw new MalformedJson("something follows the end of the document");
            }
            return value;
        } catch (JsonProcessingException broken) {
            JsonLocation at = broken.getLocation();
            throw new MalformedJson(broken.getOriginalMessage() + (at == null
                    ? ""
                    : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Parses one document. @throws MalformedJson if the text is not one JSON document */
    public static Json parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** On one line, without spaces. */
    public static String compact(Json value) {
        return render(value, false);
    }

    /** Indented by two spaces. */
    public static String pretty(Json value) {
        return render(value, true);
    }

    private static Json read(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            Map<String, Json> fields = new LinkedHashMap<>();
            while (next(parser) != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                fields.put(name, read(parser, next(parser)));
            }
            return new Json.Obj(Collections.unmodifiableMap(fields));
        }
        if (token == JsonToken.START_ARRAY) {
            List<Json> items = new ArrayList<>();
            JsonToken item = next(parser);
            while (item != JsonToken.END_ARRAY) {
                items.add(read(parser, item));
                item = next(parser);
            }
            return new Json.Arr(Collections.unmodifiableList(items));
        }
        if (token == JsonToken.VALUE_STRING) {
            return new Json.Text(parser.getText());
        }
        if (token.isNumeric()) {
            return new Json.Num(parser.getText());
        }
        if (token.isBoolean()) {
            return new Json.Bool(parser.getBooleanValue());
        }
        return Json.nothing();
    }

    private static JsonToken next(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new JsonParseException(parser, "the document ends too early");
        }
        return token;
    }

    private static String render(Json value, boolean pretty) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            if (pretty) {
                DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
                printer.indentArraysWith(
                        com.fasterxml.jackson.core.util.DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
                generator.setPrettyPrinter(printer);
            }
            write(generator, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static void write(JsonGenerator out, Json value) throws IOException {
        if (value instanceof Json.Obj object) {
            out.writeStartObject();
            for (Map.Entry<String, Json> field : object.fields().entrySet()) {
                out.writeFieldName(field.getKey());
                write(out, field.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Json.Arr array) {
            out.writeStartArray();
            for (Json item : array.items()) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Json.Text text) {
            out.writeString(text.value());
        } else if (value instanceof Json.Num number) {
            out.writeNumber(number.literal());
        } else if (value instanceof Json.Bool bool) {
            out.writeBoolean(bool.value());
        } else {
            out.writeNull();
        }
    }

    /** The text is not JSON; the message says where. */
    public static final class MalformedJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedJson(String message) {
            super(message);
        }
    }
}
