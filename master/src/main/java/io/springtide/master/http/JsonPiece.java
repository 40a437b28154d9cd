package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A part of a JSON document, written when its turn comes. */
interface JsonPiece {

    void write(JsonGenerator json) throws IOException;
}
